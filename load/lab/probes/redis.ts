import { Redis } from 'ioredis'

export type RedisProbe = {
  counts(): Promise<Record<string, number>>
  /** Its version, and the settings that matter for a measurement. */
  settings(): Promise<Record<string, string>>
  end(): void
}

/** Not of the system, but of the probes and of its start. */
const notCounted = ['info', 'client', 'hello', 'select', 'ping', 'auth', 'command']

/** Commands that Redis has run, all together and those of a kind, from `INFO commandstats`. */
export const redisProbe = (url: string): RedisProbe => {
  const redis = new Redis(url)
  return {
    counts: async () => {
      const lines = (await redis.info('commandstats')).split('\r\n')
      const calls = lines.flatMap((line) => {
        const [, name = '', count = '0'] = /^cmdstat_([^:|]+)[^:]*:calls=(\d+)/.exec(line) ?? []
        return name === '' || notCounted.includes(name) ? [] : [Number(count)]
      })
      return { 'Redis commands': calls.reduce((sum, each) => sum + each, 0) }
    },
    settings: async () => {
      const server = await redis.info('server')
      const [, version = 'unknown'] = /^(?:valkey|redis)_version:(\S+)/m.exec(server) ?? []
      const [, policy = ''] = (await redis.config('GET', 'maxmemory-policy')) as string[]
      return { redis_version: version, 'maxmemory-policy': policy }
    },
    end: () => redis.disconnect(),
  }
}

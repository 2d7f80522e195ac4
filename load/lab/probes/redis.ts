import { Redis } from 'ioredis'

export type RedisProbe = {
  counts(): Promise<Record<string, number>>
  /** The version, and the settings that affect a measurement. */
  settings(): Promise<Record<string, string>>
  end(): void
}

/** Commands of the probes and of the start, which are not the system's. */
const notCounted = ['info', 'client', 'hello', 'select', 'ping', 'auth', 'command']

/** Commands that Redis has run, in total and by name, from `INFO commandstats`. */
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

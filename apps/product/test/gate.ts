import { until } from '@flash-deal/testing'
import { Redis } from 'ioredis'
import type { Test } from 'tap'

/** Reads and changes the data of the gate in Redis. */
export const gateAt = (t: Test, url: string) => {
  const redis = new Redis(url, { retryStrategy: () => 20 })
  redis.on('error', () => {})
  t.teardown(() => redis.disconnect())

  const run = async (): Promise<string> =>
    /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1] ?? ''
  const keyOf = async (dealId: string): Promise<string> => `gate:${await run()}:{${dealId}}`
  const field = async (dealId: string, name: string): Promise<string | null> =>
    redis.hget(await keyOf(dealId), name)

  return {
    redis,
    keyOf,
    field,
    /** The remaining units in Redis; undefined if the deal is not loaded. */
    remaining: async (dealId: string): Promise<number | undefined> => {
      const value = await field(dealId, 'remaining')
      return value === null ? undefined : Number(value)
    },
    /** Waits, because Redis is updated after the response. */
    untilRemaining: (dealId: string, units: number): Promise<void> =>
      until(async () => (await field(dealId, 'remaining')) === String(units)),
    /** Adds units to the count in Redis alone. */
    add: async (dealId: string, units: number): Promise<void> => {
      await redis.hincrby(await keyOf(dealId), 'remaining', units)
    },
  }
}

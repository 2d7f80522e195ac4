import type { VariantOf } from '@flash-deal/config'
import { type BuildOptions, type FreshDatabase, servers, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { buildProduct, type DealPage } from './client.ts'

/** The deal list, and processes with variants of E3. */

export type Query = Record<string, string | number>

export const bytesOf = async (app: FastifyInstance, query: Query = {}): Promise<string> => {
  const words = Object.entries(query).map(([name, value]) => `${name}=${value}`)
  return (await app.inject(`/products/deals?${words.join('&')}`)).body
}

export const dealsOf = async (app: FastifyInstance, query?: Query): Promise<DealPage['items']> =>
  (JSON.parse(await bytesOf(app, query)) as DealPage).items

export const noRedis = servers().redisUrl === undefined && 'there is no Redis'
export const nowhere = 'redis://127.0.0.1:1'

type Built = Pick<BuildOptions, 'settings' | 'scenarios'>

/** @param redisNo the database of Redis that no other test file uses */
export const dealListShop = (t: Test, database: FreshDatabase, redisNo: number) => {
  const { redisUrl: url = nowhere } = servers()
  const redisUrl = `${url}/${redisNo}`
  const redis = new Redis(redisUrl, { lazyConnect: true })
  t.teardown(() => redis.disconnect())

  /** A process on the shared database. */
  const another = async (
    t: Test,
    variant: VariantOf<'E3'>,
    { settings, scenarios }: Built = {},
  ) => {
    const app = await buildProduct(t, {
      database,
      settings: { REDIS_URL: redisUrl, ...settings },
      scenarios: { ...scenarios, E3: variant },
    })
    await until(async () => (await app.inject('/health/ready')).statusCode === 200)
    return app
  }

  /** The same, with an empty cache. */
  const withVariant = async (t: Test, variant: VariantOf<'E3'>, built?: Built) => {
    if (variant === 'optimized') await redis.flushdb()
    return another(t, variant, built)
  }
  return { redis, redisUrl, another, withVariant }
}

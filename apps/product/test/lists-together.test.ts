import { randomUUID } from 'node:crypto'
import type { Scenarios } from '@flash-deal/config'
import { eachVariant, Link, purchaseFlags, servers, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { adminOf } from './admin.ts'
import {
  buildProduct,
  callAs,
  type Deal,
  hold,
  offerDeal,
  openShop,
  productOf,
  unitsOf,
} from './client.ts'

/** The caches of both lists (E2, E3) together, and with E6, E7 and M1. */

const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/12`
const noRedis = redisUrl === undefined && 'there is no Redis'

const startWith = async (t: Test, scenarios: Partial<Scenarios>, REDIS_URL = redisUrl) => {
  if (redisUrl) {
    const redis = new Redis(redisUrl)
    await redis.flushdb()
    redis.disconnect()
  }
  const settings = REDIS_URL ? { REDIS_URL } : {}
  const app = await buildProduct(t, { database, scenarios, settings })
  await until(async () => (await app.inject('/health/ready')).statusCode === 200)
  return app
}

const lists = ['/products?size=5', '/products/deals?size=5']

const read = (app: FastifyInstance): Promise<string[]> =>
  Promise.all(lists.map(async (url) => (await app.inject(url)).body))

const offer = (app: FastifyInstance): Promise<Deal> => offerDeal(app, {}, owner)

type Change = (app: FastifyInstance, deal: Deal) => Promise<unknown>

const patch =
  (payload: object): Change =>
  (app, { product_id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${product_id}`, payload })

/** Takes its units from the stock of the product. */
const dealAgain: Change = async (app, { product_id }) =>
  offerDeal(app, {}, owner, await productOf(app, product_id))

/** What shows in both lists. */
const changes: Record<string, Change> = {
  'a new name': patch({ name: 'Teapot' }),
  'a new price': patch({ price: 77 }),
  'a new category': patch({ category: 'home' }),
  'another deal': dealAgain,
}

t.beforeEach(async () => {
  await sql`delete from reservation_lines`
  await sql`delete from deal_buyers`
  await sql`delete from deals`
})

for (const E2 of eachVariant('E2')) {
  for (const E3 of eachVariant('E3')) {
    const skip = [E2, E3].includes('optimized') && noRedis

    t.test(
      `E2 ${E2}, E3 ${E3}: an owner's change is visible in both lists immediately`,
      { skip },
      async (t) => {
        const app = await startWith(t, { E2, E3, E6: 'optimized', E7: 'optimized' })
        const deal = await offer(app)
        for (const [title, change] of Object.entries(changes)) {
          const before = await read(app)
          t.strictSame(await read(app), before)
          await change(app, deal)
          const after = await read(app)
          t.strictSame(after, await read(baseline), title)
          t.ok(
            after.every((list, index) => list !== before[index]),
            `${title} shows in both`,
          )
        }
      },
    )
  }
}

for (const M1 of ['baseline', 'conditional', 'optimized'] as const) {
  for (const where of ['optimized', 'memory'] as const) {
    const skip = where === 'optimized' && noRedis

    t.test(
      `M1 ${M1}, lists ${where}: an owner's change is shown with the current stock`,
      { skip },
      async (t) => {
        const app = await startWith(t, {
          E2: where,
          E3: where,
          E7: 'optimized',
          ...purchaseFlags(M1),
        })
        const deal = await offer(app)
        await read(app)
        await hold(app, unitsOf(deal, 10))
        await patch({ price: 77 })(app, deal)
        const shown = await read(app)
        t.strictSame(shown, await read(baseline))
        t.match(shown[1], '"remaining_stock":0')
        t.match(shown[1], '"status":"sold_out"')
      },
    )
  }
}

t.test(
  'a change while Redis is unavailable is visible in both lists, then and when it is back',
  { skip: noRedis },
  async (t) => {
    const line = await Link.to(t, `${redisUrl}`)
    const app = await startWith(t, { E2: 'optimized', E3: 'optimized' }, line.url)
    const deal = await offer(app)
    const before = await read(app)
    line.cut()
    await until(async () => app.redis.status !== 'ready')
    await patch({ name: 'Teapot' })(app, deal)
    const expected = await read(baseline)
    t.ok(expected.every((list, index) => list !== before[index]))
    t.strictSame(await read(app), expected)
    line.restore()
    await until(async () => app.redis.status === 'ready')
    t.strictSame(await read(app), expected)
  },
)

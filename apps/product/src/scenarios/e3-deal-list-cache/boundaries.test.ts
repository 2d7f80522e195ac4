import { randomUUID } from 'node:crypto'
import { eachVariant, Link, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { adminOf, clockOf, lockProducts, untilWaiting } from '../../../test/admin.ts'
import {
  type Deal,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  together,
} from '../../../test/client.ts'
import { dealListShop, dealsOf, noRedis } from '../../../test/deal-list.ts'
import { witnessOf } from '../../../test/witness.ts'

/** The moments when deals open and end. */

const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const { withVariant, another } = dealListShop(t, database, 5)

t.beforeEach(() => sql`delete from deals`)

const count = async (app: FastifyInstance, event: string): Promise<number> =>
  (await witnessOf(app, 'E3'))[event] ?? 0

const untilTime = (time: string) => until(async () => (await clockOf(sql)) >= Date.parse(time))

const shows = async (app: FastifyInstance, { id }: Pick<Deal, 'id'>): Promise<boolean> =>
  (await dealsOf(app)).some((deal) => deal.id === id)

/** A response that is wrong at the database's time before the request and at the time after it. */
const wrongAnswer = async (app: FastifyInstance, deals: Deal[]): Promise<string | undefined> => {
  const before = await clockOf(sql)
  const ids = new Set((await dealsOf(app)).map(({ id }) => id))
  const after = await clockOf(sql)
  const isWrong = ({ id, starts_at, ends_at }: Deal) => {
    const [start, end] = [Date.parse(starts_at), Date.parse(ends_at)]
    if (ids.has(id)) return after < start || before >= end
    return before >= start && after < end
  }
  const wrong = deals.find(isWrong)
  return wrong && `${before - Date.parse(wrong.starts_at)} ms after it began: ${ids.has(wrong.id)}`
}

for (const variant of eachVariant('E3')) {
  const skip = variant === 'optimized' && noRedis

  t.test(
    `${variant}: a deal is shown from its first moment to its last, by no clock but the database's`,
    { skip },
    async (t) => {
      const { PRODUCT_DATABASE_URL: url } = database.urls
      const link = await Link.to(t, url)
      const settings = { PRODUCT_DATABASE_URL: link.url }
      const apps = [await withVariant(t, variant, { settings }), await another(t, variant)]
      const windows = [
        { starts_at: inMs(600), ends_at: inMs(60_000) },
        { ends_at: inMs(700) },
        { starts_at: inMs(800), ends_at: inMs(950) },
      ]
      const deals = await Promise.all(windows.map((window) => offerDeal(baseline, window)))
      const { now } = Date
      t.intercept(Date, 'now', { value: () => now() + 3_600_000 })
      // From here on the bounds of the clock are wider.
      link.delayAnswers(20)
      const wrong = new Set<string | undefined>()
      const end = (await clockOf(sql)) + 1_200
      let asked = 0
      await together(6, async (n) => {
        for (const app of apps.slice(n % 2, 1 + (n % 2))) {
          for (; (await clockOf(sql)) < end; asked += 1) wrong.add(await wrongAnswer(app, deals))
        }
      })
      t.ok(asked > 20)
      t.strictSame([...wrong], [undefined])
    },
  )

  t.test(
    `${variant}: a request after a boundary never gets a page from before it`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const deal = await offerDeal(baseline, { starts_at: inMs(1_000) })
      const unlock = await lockProducts(sql)
      const early = dealsOf(app)
      await untilWaiting(sql, 1)
      await untilTime(deal.starts_at)
      const late = shows(app, deal)
      await unlock()
      t.equal((await early).length, 0)
      t.ok(await late)
    },
  )
}

/** A deal that is inserted directly, without an invalidation. */
const someDealOf = (product_id: string, ends_at: string) => ({
  ...{ id: randomUUID(), product_id, deal_price: 1, deal_stock: 1, remaining_stock: 1 },
  ...{ starts_at: inMs(-60_000), ends_at },
})

for (const variant of ['optimized', 'memory'] as const) {
  const skip = variant === 'optimized' && noRedis

  t.test(
    `${variant}: a deal created during a read is not shown after its end`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const { id } = await offerProduct(baseline)
      const unlock = await lockProducts(sql)
      const page = dealsOf(app)
      await untilWaiting(sql, 1)
      const ends_at = inMs(100)
      const deal = someDealOf(id, ends_at)
      await unlock((held) => held`insert into deals ${held(deal)}`)
      t.strictSame(
        (await page).map(({ id }) => id),
        [deal.id],
      )
      await untilTime(ends_at)
      t.notOk(await shows(app, deal))
    },
  )

  t.test(`${variant}: the first requests after an opening are hits`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const deal = await offerDeal(baseline, { starts_at: inMs(1_300) })
    t.notOk(await shows(app, deal))
    await until(async () => (await count(app, 'warmed')) === 1)
    await untilTime(deal.starts_at)
    const read = await count(app, 'database')
    const seen = await together(200, () => shows(app, deal))
    t.ok(seen.every((isShown) => isShown))
    const seconds = Math.floor(((await clockOf(sql)) - Date.parse(deal.starts_at)) / 1_000)
    t.ok((await count(app, 'database')) - read <= seconds, 'nor is it read in the first second')
  })

  t.test(
    `${variant}: a page read ahead is not used after an owner's change`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const owner = randomUUID()
      const deal = await offerDeal(app, { starts_at: inMs(1_300) }, owner)
      t.notOk(await shows(app, deal))
      await until(async () => (await count(app, 'warmed')) === 1)
      const other = await offerDeal(app, { starts_at: deal.starts_at }, owner)
      await untilTime(deal.starts_at)
      t.ok(await shows(app, other))
    },
  )

  t.test(`${variant}: pages that are not requested are not read ahead`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const deal = await offerDeal(baseline, { starts_at: inMs(700) })
    await untilTime(deal.starts_at)
    t.strictSame(await witnessOf(app, 'E3'), {})
    t.ok(await shows(app, deal))
  })
}

t.test('optimized: processes share pages that were read ahead', { skip: noRedis }, async (t) => {
  const app = await withVariant(t, 'optimized')
  const other = await another(t, 'optimized')
  const deal = await offerDeal(baseline, { starts_at: inMs(1_300) })
  t.notOk(await shows(app, deal))
  await until(async () => (await count(app, 'warmed')) === 1)
  await untilTime(deal.starts_at)
  t.ok(await shows(other, deal))
  t.hasStrict(await witnessOf(other, 'E3'), { redis_hit: 1 })
  t.equal(await count(other, 'database'), 0)
})

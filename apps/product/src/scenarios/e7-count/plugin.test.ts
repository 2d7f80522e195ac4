import { randomUUID } from 'node:crypto'
import type { Scenarios, VariantOf } from '@flash-deal/config'
import type { Next, Statement, Work } from '@flash-deal/db'
import { assertRefused, eachVariant, servers } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { adminOf, lockProducts, untilWaiting } from '../../../test/admin.ts'
import {
  buildProduct,
  callAs,
  offerProduct,
  openShop,
  type Product,
  type ProductPage,
  together,
} from '../../../test/client.ts'

/** Counts for each page: its responses are expected of the others too. */
const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()

const withVariant = (t: Test, E7: VariantOf<'E7'>) =>
  buildProduct(t, { database, scenarios: { E7 } })

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/7`

/** Both caches, with nothing in them. */
const withCaches = async (t: Test, scenarios: Partial<Scenarios>): Promise<FastifyInstance> => {
  if (redisUrl === undefined) return buildProduct(t, { database, scenarios })
  const redis = new Redis(redisUrl)
  await redis.flushdb()
  redis.disconnect()
  return buildProduct(t, { database, scenarios, settings: { REDIS_URL: redisUrl } })
}

const exact = eachVariant('E7').filter((variant) => variant !== 'estimate')

type Query = Record<string, string | number>

const list = async (app: FastifyInstance, query: Query = {}): Promise<ProductPage> => {
  const parameters = Object.entries(query).map(([name, value]) => [name, String(value)])
  const answer = await app.inject({ url: '/products', query: Object.fromEntries(parameters) })
  return answer.json<ProductPage>()
}

const totalOf = async (app: FastifyInstance, query: Query = {}): Promise<number> =>
  (await list(app, query)).total

const offerSome = async (count: number, category: string = randomUUID()): Promise<string> => {
  for (let n = 0; n < count; n += 1) await offerProduct(baseline, { owner, category })
  return category
}

const moveTo = (app: FastifyInstance, { id }: Product, category: string | null) =>
  callAs(app, owner, { method: 'PATCH', url: `/products/${id}`, payload: { category } })

/** The counters of the variant that are not zero. */
const witness = async ({ metrics }: FastifyInstance): Promise<Record<string, number>> => {
  const lines = (await metrics.metrics()).matchAll(
    /^scenario_witness_total\{scenario="E7",event="(\w+)"\} ([1-9]\d*)$/gm,
  )
  return Object.fromEntries(Array.from(lines, ([, event, count]) => [event, Number(count)]))
}

/** The counters after two requests for the same page, with statistics. */
const expectedOfTwo = {
  baseline: { counted: 2 },
  optimized: { counted: 1, remembered: 1 },
  estimate: { estimated: 2 },
} satisfies Record<VariantOf<'E7'>, Record<string, number>>

await offerSome(3)
await sql`analyze products`

for (const variant of eachVariant('E7')) {
  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const app = await withVariant(t, variant)
    t.strictSame(await witness(app), {})
    await list(app)
    await list(app)
    t.strictSame(await witness(app), expectedOfTwo[variant])
  })

  t.test(`${variant}: a page that is not full has the exact total`, async (t) => {
    const app = await withVariant(t, variant)
    const category = await offerSome(5)
    t.equal(await totalOf(app, { category }), 5)
    t.equal(await totalOf(app, { category, size: 3, page: 2 }), 5)
  })

  t.test(`${variant}: the total is at least the rows up to a full page`, async (t) => {
    const app = await withVariant(t, variant)
    const category = await offerSome(5)
    t.ok((await totalOf(app, { category, size: 2, page: 2 })) >= 4)
    t.ok((await totalOf(app, { category, size: 2, page: 9 })) <= 16)
  })

  t.test(`${variant}: an unused category has the total 0`, async (t) => {
    const app = await withVariant(t, variant)
    t.strictSame(await list(app, { category: 'none:of:these' }), {
      items: [],
      total: 0,
      page: 1,
      size: 20,
    })
  })

  t.test(`${variant}: a failed count is not cached`, async (t) => {
    const settings = { QUERY_TIMEOUT_MS: '300' }
    const app = await buildProduct(t, { database, settings, scenarios: { E7: variant } })
    const unlock = await lockProducts(sql)
    const refused = await app.inject('/products')
    await unlock()
    assertRefused(t, refused, 503, 'SERVICE_UNAVAILABLE')
    t.equal((await app.inject('/products')).statusCode, 200)
  })

  for (const E2 of eachVariant('E2')) {
    const skip = E2 === 'optimized' && redisUrl === undefined && 'there is no Redis'
    t.test(`${variant}: with E2 ${E2} pages have the same products`, { skip }, async (t) => {
      const app = await withCaches(t, { E2, E7: variant })
      const queries = [{}, { category: await offerSome(3) }, { size: 2, page: 2 }]
      for (const query of queries) {
        const { total, ...page } = await list(app, query)
        const expected = await list(baseline, query)
        t.strictSame({ ...page, total: expected.total }, expected)
        if (variant !== 'estimate') t.equal(total, expected.total)
      }
    })
  }
}

for (const variant of exact) {
  t.test(`${variant}: an owner's new product is counted immediately`, async (t) => {
    const app = await withVariant(t, variant)
    const [one, other] = [await offerSome(2), await offerSome(1)]
    const totals = async () => [
      (await totalOf(app)) - (await totalOf(baseline)),
      await totalOf(app, { category: one }),
      await totalOf(app, { category: other }),
    ]
    t.strictSame(await totals(), [0, 2, 1])
    const product = await offerProduct(app, { owner, category: one })
    t.strictSame(await totals(), [0, 3, 1], 'a new one')
    await callAs(app, owner, {
      method: 'PATCH',
      url: `/products/${product.id}`,
      payload: { price: 77 },
    })
    t.strictSame(await totals(), [0, 3, 1], 'a new price')
    await moveTo(app, product, other)
    t.strictSame(await totals(), [0, 2, 2], 'another category')
    await moveTo(app, product, null)
    t.strictSame(await totals(), [0, 2, 1], 'no category')
    await moveTo(app, product, one)
    t.strictSame(await totals(), [0, 3, 1], 'a category again')
    await offerProduct(app, { owner })
    t.strictSame(await totals(), [0, 3, 1], 'a new one without a category')
  })

  t.test(`${variant}: a rejected change is not counted`, async (t) => {
    const app = await withVariant(t, variant)
    const category = await offerSome(1)
    const [product] = (await list(app, { category })).items
    const before = await totalOf(app)
    const elsewhere = { method: 'PATCH', payload: { category: 'elsewhere' } } as const
    const url = `/products/${product?.id}`
    assertRefused(t, await callAs(app, randomUUID(), { ...elsewhere, url }), 403, 'FORBIDDEN')
    const invalid = { method: 'POST', url: '/products', payload: { category } } as const
    assertRefused(t, await callAs(app, owner, invalid), 422, 'VALIDATION_ERROR', 'any')
    t.strictSame([await totalOf(app), await totalOf(app, { category })], [before, 1])
  })

  t.test(`${variant}: with concurrent owners and readers every product is counted`, async (t) => {
    const app = await withVariant(t, variant)
    const category = randomUUID()
    await together(8, async (n) => {
      for (let round = 0; round < 5; round += 1) {
        if (n % 2 === 0) await offerProduct(app, { owner, category })
        else await list(app, { category })
      }
    })
    t.equal(await totalOf(app, { category }), 20)
    t.equal(await totalOf(app), await totalOf(baseline))
  })
}

/** Holds back the first result of the statement with this name, until it is released. */
const keepBack = (t: Test, { db }: FastifyInstance, name: string) => {
  const [answered, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const query = db.query.bind(db)
  let isFirst = true
  const value = async (statement: Statement, args: readonly unknown[]) => {
    const isMeant = isFirst && statement.name === name
    if (isMeant) isFirst = false
    const rows = await query(statement, args)
    if (isMeant) {
      answered.resolve()
      await letGo.promise
    }
    return rows
  }
  t.intercept(db, 'query', { value })
  return { answered: answered.promise, letGo: letGo.resolve }
}

t.test('optimized: a product created during a count is added', async (t) => {
  const app = await withVariant(t, 'optimized')
  const category = await offerSome(2)
  const counting = keepBack(t, app, 'product_count_at')
  const page = totalOf(app, { category, size: 1 })
  await counting.answered
  await offerProduct(app, { owner, category })
  counting.letGo()
  t.equal(await page, 3)
  t.equal(await totalOf(app, { category }), 3)
})

t.test('optimized: a product that the count already includes is not added again', async (t) => {
  const app = await withVariant(t, 'optimized')
  const category = await offerSome(2)
  const [stored, word] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const autocommit = app.db.autocommit.bind(app.db)
  const value = <Result>(work: Work<Result>, next: Next<Result>) =>
    autocommit(work, async (result) => {
      stored.resolve()
      await word.promise
      await next(result)
    })
  t.intercept(app.db, 'autocommit', { value })
  const created = offerProduct(app, { owner, category })
  await stored.promise
  t.equal(await totalOf(app, { category }), 3)
  word.resolve()
  await created
  t.equal(await totalOf(app, { category }), 3)
  t.strictSame(await witness(app), { counted: 1, remembered: 1 })
})

t.test(
  'optimized: a product that was not yet committed when all were counted is added',
  async (t) => {
    const { app, database } = await openShop(t, { scenarios: { E7: 'optimized' } })
    const sql = adminOf(t, database)
    await sql.unsafe(`
    create function wait() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock_shared(7); return null; end';
    create trigger wait after insert on products for each row execute function wait()`)
    const held = await sql.reserve()
    await held`select pg_advisory_lock(7)`
    const created = offerProduct(app)
    await untilWaiting(sql, 1)
    // Of a transaction that began later, so that the one that waits is not the newest.
    await sql`select pg_current_xact_id()`
    t.equal(await totalOf(app), 0)
    await held`select pg_advisory_unlock(7)`
    held.release()
    await created
    t.equal(await totalOf(app), 1)
    t.strictSame(await witness(app), { counted: 1, remembered: 1 })
  },
)

t.test('optimized: products of another process are counted after ten seconds', async (t) => {
  const app = await withVariant(t, 'optimized')
  const category = await offerSome(2)
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  t.equal(await totalOf(app, { category, size: 1 }), 2)
  await offerSome(1, category)
  now += 9_999
  t.equal(await totalOf(app, { category, size: 1 }), 2)
  now += 1
  t.equal(await totalOf(app, { category, size: 1 }), 3)
  t.strictSame(await witness(app), { counted: 2, remembered: 1 })
})

t.test(
  "optimized: a page is part of the total, also with another process's products",
  async (t) => {
    const app = await withVariant(t, 'optimized')
    const category = randomUUID()
    t.equal(await totalOf(app, { category }), 0)
    await offerSome(3, category)
    t.match(await list(app, { category, size: 2 }), { items: { length: 2 }, total: 2 })
    t.match(await list(app, { category, size: 2, page: 2 }), { items: { length: 1 }, total: 3 })
  },
)

t.test('optimized: a write does not extend the age of a count', async (t) => {
  const app = await withVariant(t, 'optimized')
  const category = await offerSome(1)
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  await list(app, { category })
  now += 9_999
  await offerProduct(app, { owner, category })
  now += 1
  await list(app, { category })
  t.strictSame(await witness(app), { counted: 2 })
})

t.test('optimized: fifty concurrent requests wait for one count', async (t) => {
  const app = await withVariant(t, 'optimized')
  const unlock = await lockProducts(sql)
  const totals = together(50, () => totalOf(app))
  await untilWaiting(sql, 2)
  await unlock()
  t.equal(new Set(await totals).size, 1)
  t.strictSame(await witness(app), { counted: 1 })
})

t.test('optimized: a thousand counts are cached, and the oldest is evicted first', async (t) => {
  const app = await withVariant(t, 'optimized')
  // None becomes too old, however long this takes.
  const now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  for (let n = 0; n <= 1_000; n += 1) await list(app, { category: `category ${n}`, size: 1 })
  await list(app, { category: 'category 1', size: 1 })
  await list(app, { category: 'category 0', size: 1 })
  t.strictSame(await witness(app), { counted: 1_002, remembered: 1 })
})

t.test('estimate: the last page by cursor does not give the exact total', async (t) => {
  const app = await withVariant(t, 'estimate')
  const category = await offerSome(5)
  const first = await list(app, { category, size: 4 })
  await offerSome(3, category)
  await sql`vacuum analyze products`
  const { total } = await list(app, { category, size: 4 })
  t.ok(total > 5, `${total}`)
  const last = await list(app, { category, size: 4, cursor: String(first.next_cursor) })
  t.match(last, { items: { length: 1 }, total })
})

t.test('estimate: without statistics it counts', async (t) => {
  const { app } = await openShop(t, { scenarios: { E7: 'estimate' } })
  await offerProduct(app)
  t.equal(await totalOf(app), 1)
  t.strictSame(await witness(app), { counted: 1 })
})

t.test('estimate: with fresh statistics it is off by a hundredth at most', async (t) => {
  const { app, database } = await openShop(t, { scenarios: { E7: 'estimate' } })
  const sql = adminOf(t, database)
  await addProducts(sql, 5_000)
  await sql`analyze products`
  for (const [category, products] of [
    ['half', 2_500],
    ['eighth', 625],
    [null, 5_000],
  ] as const) {
    const total = await totalOf(app, category === null ? {} : { category })
    t.ok(Math.abs(total - products) <= products / 100, `${category}: ${total} for ${products}`)
  }

  t.test('it grows with the table, before the next analyze', async (t) => {
    await addProducts(sql, 5_000)
    const total = await totalOf(app)
    t.ok(Math.abs(total - 10_000) <= 1_000, `${total} for 10000`)
  })

  t.test('a rare category has the average of the others', async (t) => {
    await sql`
      update products set category = 'rare ' || get_byte(uuid_send(id), 0) where category = 'half'`
    await sql`analyze products`
    const total = await totalOf(app, { category: 'rare 7', size: 1 })
    t.ok(total > 2 && total < 200, `${total}`)
  })
})

/** Half of them in one category, a quarter in the next, and so on. */
const addProducts = (sql: ReturnType<typeof adminOf>, count: number) => sql`
  insert into products (id, owner_id, name, price, stock, supplied, category)
  select gen_random_uuid(), gen_random_uuid(), 'Teapot ' || n, 1000, 1, 1,
    case when n % 2 = 0 then 'half' when n % 4 = 1 then 'quarter' when n % 8 = 3 then 'eighth'
      else 'rest' end
  from generate_series(1, ${count}::int) as n`

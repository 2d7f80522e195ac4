import { gzipSync } from 'node:zlib'
import { type FreshDatabase, freshDatabase, storedIn } from '@flash-deal/testing'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import postgres, { type Sql } from 'postgres'
import t, { type Test } from 'tap'
import { type Amounts, seedMany } from '../seed-many.ts'

/** The generator of large data, with a small amount. */

const amounts: Amounts = { products: 2_000, orders: 3_000, users: 50, seed: 7 }

const tables = [
  ...['auth.users', 'product.products', 'product.deals', 'product.deal_buyers'],
  ...['product.reservations', 'product.reservation_lines', 'orders.orders', 'orders.order_items'],
] as const

type Shop = { database: FreshDatabase; sql: Sql; seed(given?: Partial<Amounts>): Promise<void> }

const emptyShop = async (t: Test): Promise<Shop> => {
  const database = await freshDatabase()
  const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} })
  t.teardown(async () => {
    await sql.end({ timeout: 1 })
    await database.drop()
  })
  const seed = (given: Partial<Amounts> = {}): Promise<void> =>
    seedMany({ adminUrl: database.adminUrl, ...amounts, ...given })
  return { database, sql, seed }
}

/** A digest of each table. */
const contentOf = async ({ database }: Shop): Promise<ReadonlyMap<string, string>> => {
  const stored = await storedIn(database)
  return new Map(tables.map((table) => [table, stored.get(table) ?? '']))
}

const rowsIn = async (shop: Shop): Promise<Record<string, number>> =>
  Object.fromEntries(
    Array.from(await contentOf(shop), ([table, words]) => [table, Number.parseInt(words, 10)]),
  )

const broken = ({ database: { urls } }: Shop): Promise<string[]> =>
  brokenInvariants({
    productUrl: urls.PRODUCT_DATABASE_URL,
    orderUrl: urls.ORDER_DATABASE_URL,
    atRest: true,
  })

const shop = await emptyShop(t)
await shop.seed()

t.test('the numbers of rows are those requested', async (t) => {
  const rows = await rowsIn(shop)
  t.hasStrict(rows, {
    'auth.users': amounts.users,
    'product.products': amounts.products,
    'orders.orders': amounts.orders,
  })
  t.ok(Object.values(rows).every((count) => count > 0))
})

t.test('orders have reservations, except cancelled ones', async (t) => {
  const states = await shop.sql`
    select status = 'cancelled' as is_cancelled, state
    from orders.orders
    left join product.reservations on order_id = id
    group by 1, 2 order by 1`
  t.strictSame(
    [...states],
    [
      { is_cancelled: false, state: 'confirmed' },
      { is_cancelled: true, state: null },
    ],
  )
})

t.test('every invariant holds', async (t) => {
  t.strictSame(await broken(shop), [])
})

t.test('the same seed creates the same rows, another seed others', async (t) => {
  const [again, other] = [await emptyShop(t), await emptyShop(t)]
  await again.seed()
  await other.seed({ seed: 8 })
  const content = await contentOf(shop)
  t.strictSame(await contentOf(again), content)
  t.ok(new Set((await contentOf(other)).values()).isDisjointFrom(new Set(content.values())))
})

t.test('two seeds can be used in one database', async (t) => {
  const both = await emptyShop(t)
  await both.seed()
  await both.seed({ seed: 8 })
  t.strictSame(await broken(both), [])
})

t.test('the same seed is rejected a second time and changes nothing', async (t) => {
  const before = await contentOf(shop)
  await t.rejects(shop.seed(), { name: 'PlainError', message: /^The data of seed 7 exists/ })
  t.strictSame(await contentOf(shop), before)
})

t.test('a failed run inserts nothing', async (t) => {
  const other = await emptyShop(t)
  const [order] = await shop.sql<{ id: string }[]>`
    select id from orders.orders order by created_at desc limit 1`
  await other.sql`insert into orders.orders (id, status) values (${order?.id ?? ''}, 'void')`
  await t.rejects(other.seed(), { code: '23505' })
  const { 'orders.orders': orders, ...others } = await rowsIn(other)
  t.equal(orders, 1)
  t.ok(Object.values(others).every((count) => count === 0))
})

const smallOnes: Partial<Amounts>[] = [
  { products: 1, orders: 0, users: 1 },
  { products: 1, orders: 40, users: 1 },
  { products: 250, orders: 30, users: 3 },
]
for (const given of smallOnes) {
  t.test(`every invariant holds for ${JSON.stringify(given)}`, async (t) => {
    const small = await emptyShop(t)
    await small.seed(given)
    t.strictSame(await broken(small), [])
    t.equal((await rowsIn(small))['orders.orders'], given.orders)
  })
}

t.test('progress counts up to the total', async (t) => {
  const { database } = await emptyShop(t)
  const seen: number[] = []
  const { adminUrl } = database
  let last = { done: 0, of: 1 }
  const onProgress = (progress: typeof last) => {
    seen.push(progress.done)
    last = progress
  }
  await seedMany({ adminUrl, ...amounts, products: 30_000, onProgress })
  t.ok(seen.length > 3)
  t.strictSame(
    seen,
    seen.toSorted((left, right) => left - right),
  )
  t.equal(last.done, last.of)
})

t.test('a page of text compresses no better than real text does', async (t) => {
  const rows = await shop.sql`select * from product.products order by created_at desc limit 100`
  const page = Buffer.from(JSON.stringify(rows))
  const ratio = gzipSync(page).length / page.length
  t.ok(ratio > 0.25, `${ratio}`)
})

t.test('a few categories have most products, and most categories have few', async (t) => {
  const rows = await shop.sql<{ count: number }[]>`
    select count(*)::int as count from product.products group by category order by 1 desc`
  const counts = rows.map(({ count }) => count)
  const ofLargest = counts.slice(0, 10).reduce((sum, count) => sum + count)
  t.ok(counts.length > 100, `${counts.length} categories`)
  t.ok(ofLargest > amounts.products / 4, `${ofLargest} in the largest ten`)
  t.ok((counts[Math.floor(counts.length / 2)] ?? 0) <= 5)
})

t.test('orders have every possible state, and deals are scheduled, open and ended', async (t) => {
  const states = await shop.sql<{ status: string }[]>`
    select distinct status::text from orders.orders order by 1`
  t.strictSame(
    states.map(({ status }) => status),
    ['cancelled', 'confirmed', 'delivered', 'shipped'],
  )
  const times = await shop.sql<{ status: string }[]>`
    select distinct status from (
      select product.deal_status_at(closed_at, starts_at, ends_at, 1, now())::text as status
      from product.deals
    ) as deals order by 1`
  t.strictSame(
    times.map(({ status }) => status),
    ['active', 'ended', 'scheduled'],
  )
})

import { createHash, randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import type { Statement } from '@flash-deal/db'
import { assertRefused, eachVariant, freshDatabase, servers } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { adminOf } from './admin.ts'
import { buildProduct, offerProduct, openShop, type Product, type ProductPage } from './client.ts'

const { app: shop, database } = await openShop(t)
const sql = adminOf(t, database)

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/11`

const withVariant = async (t: Test, E2: VariantOf<'E2'>): Promise<FastifyInstance> => {
  if (!redisUrl || E2 !== 'optimized') return buildProduct(t, { database, scenarios: { E2 } })
  const redis = new Redis(redisUrl)
  await redis.flushdb()
  redis.disconnect()
  return buildProduct(t, { database, scenarios: { E2 }, settings: { REDIS_URL: redisUrl } })
}

type Query = Record<string, string | number>

const ask = (app: FastifyInstance, query: Query) =>
  app.inject({
    url: '/products',
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, `${value}`])),
  })

const list = async (app: FastifyInstance, query: Query): Promise<ProductPage> =>
  (await ask(app, query)).json<ProductPage>()

/** Follows the cursors from the first page to the last. */
const walk = async (
  app: FastifyInstance,
  query: Query,
  meanwhile: (page: ProductPage) => Promise<unknown> = async () => {},
): Promise<ProductPage[]> => {
  const pages = [await list(app, query)]
  for (let page = pages[0]; page?.next_cursor; page = pages.at(-1)) {
    await meanwhile(page)
    pages.push(await list(app, { ...query, cursor: page.next_cursor }))
  }
  return pages
}

const byNumber = async (app: FastifyInstance, query: Query): Promise<ProductPage[]> => {
  const { total, size } = await list(app, query)
  const count = Math.max(1, Math.floor(total / size) + 1)
  return Promise.all(Array.from({ length: count }, (_, n) => list(app, { ...query, page: n + 1 })))
}

const idsOf = (pages: readonly ProductPage[]): string[] =>
  pages.flatMap(({ items }) => items.map(({ id }) => id))

/** This many products in a new category. */
const offerSome = async (count: number): Promise<{ category: string; products: Product[] }> => {
  const category = randomUUID()
  const products: Product[] = []
  for (let n = 0; n < count; n += 1) products.unshift(await offerProduct(shop, { category }))
  return { category, products }
}

/** All in one microsecond, or a microsecond apart, within one millisecond that clients see. */
const madeAt = (category: string, apart: 0 | 1) => sql`
  update products set created_at = timestamptz '2026-01-01' + numbered.n * interval '1 microsecond'
  from (
    select id, ${apart}::int * (row_number() over (order by name, id)) as n
    from products where category = ${category}
  ) as numbered
  where products.id = numbered.id`

for (const E2 of eachVariant('E2')) {
  const skip = E2 === 'optimized' && redisUrl === undefined && 'there is no Redis'

  t.test(
    `${E2}: a walk has the pages that numbers have, to the last field`,
    { skip },
    async (t) => {
      const app = await withVariant(t, E2)
      for (const count of [0, 1, 6, 7]) {
        const { category } = await offerSome(count)
        for (const size of [2, 3, 100]) {
          const query = { category, size }
          t.strictSame(await walk(app, query), await byNumber(shop, query), `${count} by ${size}`)
        }
      }
    },
  )

  t.test(
    `${E2}: rows with the same time are listed once each, in a stable order`,
    { skip },
    async (t) => {
      const app = await withVariant(t, E2)
      for (const apart of [0, 1] as const) {
        const { category } = await offerSome(7)
        await madeAt(category, apart)
        const ids = idsOf(await walk(app, { category, size: 2 }))
        t.strictSame(ids, idsOf(await byNumber(shop, { category, size: 100 })))
        t.equal(new Set(ids).size, 7)
      }
    },
  )

  t.test(`${E2}: new products do not shift the pages`, { skip }, async (t) => {
    const app = await withVariant(t, E2)
    const { category, products } = await offerSome(7)
    const pages = await walk(app, { category, size: 2 }, () => offerProduct(app, { category }))
    t.strictSame(
      idsOf(pages),
      products.map(({ id }) => id),
    )
  })
}

t.test('a cursor works for all categories, and the size may change', async (t) => {
  await offerSome(5)
  const all = idsOf(await byNumber(shop, { size: 100 }))
  t.strictSame(idsOf(await walk(shop, { size: 3 })), all)
  const first = await list(shop, { size: 4 })
  const rest = await list(shop, { size: 100, cursor: String(first.next_cursor) })
  t.strictSame(idsOf([first, rest]), all.slice(0, 104))
})

t.test('a cursor works after its last row was deleted', async (t) => {
  const { category, products } = await offerSome(4)
  const { next_cursor } = await list(shop, { category, size: 2 })
  await sql`delete from products where id = ${String(products[1]?.id)}`
  const { items } = await list(shop, { category, size: 2, cursor: String(next_cursor) })
  t.strictSame(items, products.slice(2))
})

t.test('a cursor with any changed character is rejected', async (t) => {
  const { category } = await offerSome(2)
  const cursor = String((await list(shop, { category, size: 1 })).next_cursor)
  t.match(cursor, /^[\w-]{48}$/)
  for (const at of Array.from(cursor).keys()) {
    const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
    const refused = await ask(shop, { cursor: changed, category })
    assertRefused(t, refused, 422, 'VALIDATION_ERROR', ['cursor'])
  }
})

t.test('a cursor of another list is rejected', async (t) => {
  const { category } = await offerSome(2)
  const { category: other } = await offerSome(2)
  const of = async (query: Query) => String((await list(shop, { ...query, size: 1 })).next_cursor)
  const [own, all] = [await of({ category }), await of({})]
  for (const query of [
    { cursor: own },
    { cursor: own, category: other },
    { cursor: all, category },
  ])
    assertRefused(t, await ask(shop, query), 422, 'VALIDATION_ERROR', ['cursor'])
  t.equal((await ask(shop, { cursor: own, category })).statusCode, 200)
})

/** A forged cursor in the correct format. */
const forged = (us: bigint, seen = 0): string => {
  const bytes = Buffer.alloc(30)
  bytes.writeBigInt64BE(us)
  bytes.writeUIntBE(seen, 24, 6)
  const digest = createHash('sha256').update(bytes).update('null').digest().subarray(0, 6)
  return Buffer.concat([bytes, digest]).toString('base64url')
}

t.test('an invalid cursor is rejected, and a forged one reveals nothing', async (t) => {
  const none = ['', 'x', 'A'.repeat(48), 'A'.repeat(47), 'A'.repeat(49), `${'A'.repeat(47)}=`, '1']
  const [past, future] = [-(2n ** 53n) + 1n, 2n ** 53n - 1n]
  const impossible = [forged(2n ** 62n), forged(-(2n ** 63n)), forged(future, 2 ** 48 - 1)]
  for (const cursor of [...none, ...impossible])
    assertRefused(t, await ask(shop, { cursor, size: 1 }), 422, 'VALIDATION_ERROR', ['cursor'])
  for (const cursor of [forged(0n), forged(past), forged(future), forged(future, 2 ** 47)])
    t.equal((await ask(shop, { cursor, size: 1 })).statusCode, 200, cursor)
})

t.test('cursor and page cannot be combined', async (t) => {
  const { category } = await offerSome(2)
  const { next_cursor } = await list(shop, { category, size: 1 })
  const both = await ask(shop, { cursor: String(next_cursor), page: 2 })
  assertRefused(t, both, 422, 'VALIDATION_ERROR', ['page'])
})

/** Twenty thousand products and the indexes of M3. */
const openLarge = async (t: Test) => {
  const scenarios = { M3: 'optimized' } as const
  const database = await freshDatabase(scenarios)
  t.teardown(() => database.drop())
  const admin = adminOf(t, database)
  await admin`
    insert into products (id, owner_id, name, price, stock, supplied, created_at)
    select gen_random_uuid(), gen_random_uuid(), 'Teapot ' || n, 1000, 1, 1,
      timestamptz '2026-01-01' + n * interval '1 second'
    from generate_series(1, 20000) as n`
  await admin.unsafe('vacuum analyze products')
  return { app: await buildProduct(t, { database, scenarios }), admin }
}

type Blocks = { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }
type Explained = { 'QUERY PLAN': { Plan: Blocks }[] }

t.test('with indexes a deep page by cursor reads no more than the first', async (t) => {
  const { app, admin } = await openLarge(t)
  const asked: [Statement, readonly unknown[]][] = []
  const query = app.db.query.bind(app.db)
  const value = (statement: Statement, args: readonly unknown[]) => {
    if (statement.name.startsWith('product_list')) asked.push([statement, args])
    return query(statement, args)
  }
  t.intercept(app.db, 'query', { value })
  const blocksOf = async (page: Query): Promise<number> => {
    await list(app, page)
    const [{ text }, args] = asked.at(-1) ?? [{ text: '' }, []]
    const explained = `explain (analyze, buffers, format json) ${text}`
    const [row] = await admin.unsafe<Explained[]>(explained, args as never[])
    const [{ Plan: plan } = { Plan: undefined }] = row?.['QUERY PLAN'] ?? []
    return (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN)
  }
  const before = await list(app, { page: 999 })
  const first = await blocksOf({})
  const byNumber = await blocksOf({ page: 1_000 })
  const byCursor = await blocksOf({ cursor: String(before.next_cursor) })
  t.comment(`blocks: first ${first}, page 1,000 by number ${byNumber}, by cursor ${byCursor}`)
  t.ok(byCursor <= 2 * first, `${byCursor} of ${first}`)
  t.ok(byNumber >= 10 * byCursor, `${byNumber} to ${byCursor}`)
})

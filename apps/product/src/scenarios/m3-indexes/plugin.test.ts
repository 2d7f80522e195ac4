import { ConfigError, type VariantOf } from '@flash-deal/config'
import { eachVariant, freshDatabase, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { adminOf } from '../../../test/admin.ts'
import { buildProduct } from '../../../test/client.ts'

/** The same database, with and without the indexes. */
const database = await freshDatabase()
t.teardown(() => database.drop())
const sql = adminOf(t, database)

/** So many rows that the planner prefers an index to a sequential scan. */
await sql`
  insert into products (id, owner_id, name, price, stock, supplied, category, created_at)
  select gen_random_uuid(), gen_random_uuid(), 'Teapot ' || n, 1000, 1, 1, 'category ' || n % 500,
    now() - n * interval '1 s'
  from generate_series(1, 20000) as n`
await sql`vacuum (analyze) products`

const withVariant = async (t: Test, variant: VariantOf<'M3'>): Promise<FastifyInstance> => {
  await database.switchTo({ M3: variant })
  return buildProduct(t, { database, scenarios: { M3: variant } })
}

const shown = async (app: FastifyInstance): Promise<string> =>
  (await app.inject('/health')).json<{ scenarios: { M3: string } }>().scenarios.M3

const urls = ['/products', '/products?page=30', '/products?category=category%207']

const pages = async (app: FastifyInstance): Promise<string[]> =>
  Promise.all(urls.map(async (url) => (await app.inject(url)).body))

const expected = await pages(await withVariant(t, 'baseline'))

const witness = async ({ metrics }: FastifyInstance, event: string): Promise<number> => {
  const name = `scenario_witness_total{scenario="M3",event="${event}"} `
  const line = (await metrics.metrics()).split('\n').find((each) => each.startsWith(name))
  return Number(line?.slice(name.length))
}

/** PostgreSQL's counters of the scans of a list. */
const expectedScans = {
  baseline: 'seq_scan',
  optimized: 'index_scan',
} satisfies Record<VariantOf<'M3'>, string>

for (const variant of eachVariant('M3')) {
  t.test(`${variant}: health shows the indexes in the database`, async (t) => {
    t.equal(await shown(await withVariant(t, variant)), variant)
  })

  t.test(`${variant}: every page is the same, byte for byte`, async (t) => {
    t.strictSame(await pages(await withVariant(t, variant)), expected)
  })

  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const app = await withVariant(t, variant)
    const before = await witness(app, expectedScans[variant])
    await until(async () => {
      await pages(app)
      return (await witness(app, expectedScans[variant])) > before
    })
    t.pass()
  })

  t.test(`${variant}: a process with the other flag fails to boot with a message`, async (t) => {
    const other = variant === 'baseline' ? 'optimized' : 'baseline'
    await database.switchTo({ M3: other })
    const refusal = await buildProduct(t, { database, scenarios: { M3: variant } }).catch(
      (error: unknown) => error,
    )
    t.type(refusal, ConfigError)
    t.match(refusal, {
      message: `Scenario M3 is set to ${variant}, but the database is at ${other}.`,
    })
    t.match(refusal, { message: 'npm run migrate' })
  })
}

t.test('health shows later changes of the indexes', async (t) => {
  const app = await withVariant(t, 'optimized')
  const becomes = (variant: string) => until(async () => (await shown(app)) === variant)
  await sql`drop index m3_products_newest`
  await t.resolves(becomes('incomplete'))
  await database.switchTo({ M3: 'baseline' })
  await t.resolves(becomes('baseline'))
  await database.switchTo({ M3: 'optimized' })
  await t.resolves(becomes('optimized'))
})

t.test('an invalid index does not count', async (t) => {
  const app = await withVariant(t, 'optimized')
  await sql`
    update pg_index set indisvalid = false where indexrelid = 'm3_products_newest'::regclass`
  await t.resolves(until(async () => (await shown(app)) === 'incomplete'))
  await sql`drop index m3_products_newest`
})

t.test('each list uses its index', async (t) => {
  await database.switchTo({ M3: 'optimized' })
  // Without counts, so that all reads are those of the lists.
  const app = await buildProduct(t, { database, scenarios: { M3: 'optimized', E7: 'estimate' } })
  await until(async () => {
    await pages(app)
    const rows = await sql`
      select indexrelname from pg_stat_user_indexes
      where schemaname = 'product' and indexrelname like 'm3\\_%' and idx_scan = 0`
    return rows.length === 0
  })
  t.pass()
})

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ConfigError, type VariantOf } from '@flash-deal/config'
import { asAdmin, asUser, buildApp, eachVariant, freshDatabase } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import { order } from '../../app.ts'

/** The same database, with and without the index. */
const database = await freshDatabase()
t.teardown(() => database.drop())

const buyer = randomUUID()

/** Many orders of many buyers, and two hundred orders of one buyer with two lines each. */
await asAdmin(
  database,
  `insert into orders.orders (id, user_id, status, total_amount, created_at)
  select gen_random_uuid(), case when n % 100 = 0 then '${buyer}' else gen_random_uuid() end,
    case when n % 3 = 0 then 'delivered' else 'confirmed' end::orders.order_status, n,
    timestamptz '2026-11-01Z' - n * interval '1 min'
  from generate_series(1, 20000) as n`,
)
await asAdmin(
  database,
  `insert into orders.order_items
    (order_id, line_no, id, product_id, product_name, quantity, unit_price)
  select orders.id, line_no, gen_random_uuid(), gen_random_uuid(), 'Product ' || line_no, line_no, 7
  from orders.orders cross join generate_series(1, 2) as line_no
  where user_id = '${buyer}'`,
)
await asAdmin(database, 'vacuum (analyze) orders.orders, orders.order_items')

const withVariant = async (
  t: Test,
  M3: VariantOf<'M3'>,
  E4: VariantOf<'E4'> = 'baseline',
): Promise<FastifyInstance> => {
  await database.switchTo({ M3 })
  return buildApp(t, 'order', fp(order), { database, scenarios: { M3, E4 } })
}

const lists = [
  '/orders',
  '/orders?page=7',
  '/orders?status=delivered',
  '/orders?created_from=2026-10-25T00:00:00Z&created_to=2026-10-27T00:00:00Z',
  '/orders?status=confirmed&created_from=2026-10-25T00:00:00Z',
  '/orders?status=pending',
]

const pages = async (app: FastifyInstance): Promise<string[]> =>
  Promise.all(lists.map(async (url) => (await app.inject({ url, headers: asUser(buyer) })).body))

const expected = await pages(await withVariant(t, 'baseline'))

const shown = async (app: FastifyInstance): Promise<string> =>
  (await app.inject('/health')).json<{ scenarios: { M3: string } }>().scenarios.M3

const witness = async ({ metrics }: FastifyInstance, event: string): Promise<number> => {
  const name = `scenario_witness_total{scenario="M3",event="${event}"} `
  const line = (await metrics.metrics()).split('\n').find((each) => each.startsWith(name))
  return Number(line?.slice(name.length))
}

/** The scans that PostgreSQL counts for a list. */
const expectedScans = {
  baseline: 'seq_scan',
  optimized: 'index_scan',
} satisfies Record<VariantOf<'M3'>, string>

for (const variant of eachVariant('M3')) {
  t.test(`${variant}: health shows the indexes in the database`, async (t) => {
    t.equal(await shown(await withVariant(t, variant)), variant)
  })

  for (const E4 of eachVariant('E4')) {
    t.test(`${variant}, E4 ${E4}: every page is the same, byte for byte`, async (t) => {
      t.equal(new Set(expected).size, lists.length, 'all are different')
      t.match(expected[0], '"quantity":2')
      t.strictSame(await pages(await withVariant(t, variant, E4)), expected)
    })
  }

  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const app = await withVariant(t, variant)
    const before = await witness(app, expectedScans[variant])
    const deadline = performance.now() + 10_000
    do {
      await pages(app)
      // PostgreSQL updates the counters after the connection has been idle for a while.
      await pause(50)
    } while (
      (await witness(app, expectedScans[variant])) === before &&
      performance.now() < deadline
    )
    t.ok((await witness(app, expectedScans[variant])) > before)
  })

  t.test(`${variant}: a process with the other flag does not start`, async (t) => {
    await database.switchTo({ M3: variant === 'baseline' ? 'optimized' : 'baseline' })
    const scenarios = { M3: variant }
    await t.rejects(buildApp(t, 'order', fp(order), { database, scenarios }), ConfigError)
  })
}

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import postgres from 'postgres'
import t from 'tap'
import { dropDatabase, migrate, roleUrl } from '../migrate.ts'

/** The migrator applies the scenarios of the seam `data`. */

const adminUrl = environment().TEST_DATABASE_URL ?? ''
const database = `data_scenarios_${process.pid}`

await migrate({ adminUrl, database })
const own = Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href
const sql = postgres(own, { max: 1, onnotice: () => {} })
t.teardown(async () => {
  await sql.end()
  await dropDatabase(adminUrl, database)
})

/** The definitions of all indexes. */
const indexes = async (): Promise<string[]> => {
  const rows = await sql<{ indexdef: string }[]>`
    select indexdef from pg_indexes where schemaname in ('auth', 'product', 'orders') order by 1`
  return rows.map(({ indexdef }) => indexdef)
}

const switchTo = (M3?: 'baseline' | 'optimized') =>
  migrate({ adminUrl, database, scenarios: M3 === undefined ? {} : { M3 } })

const without = await indexes()

t.test('optimized creates indexes and nothing else', async (t) => {
  await switchTo('optimized')
  const names = (await indexes()).filter((each) => !without.includes(each))
  t.equal(names.length, 3)
  t.ok(names.every((each) => / INDEX m3_\w+ ON /.test(each)))
  t.equal((await indexes()).length, without.length + 3)
})

t.test('applying a variant is idempotent and creates missing indexes again', async (t) => {
  const all = await indexes()
  await sql`drop index orders.m3_orders_of_user`
  await switchTo('optimized')
  t.strictSame(await indexes(), all)
  await switchTo('optimized')
  t.strictSame(await indexes(), all)
})

for (const off of ['baseline', undefined] as const) {
  t.test(`${off ?? 'no flag'} removes the indexes of the optimized variant`, async (t) => {
    await switchTo('optimized')
    t.not((await indexes()).length, without.length)
    await switchTo(off)
    t.strictSame(await indexes(), without)
  })
}

t.test('npm run migrate applies the flags of the environment', async (t) => {
  const urls = {
    AUTH_DATABASE_URL: roleUrl('auth_service', { adminUrl, database }),
    PRODUCT_DATABASE_URL: roleUrl('product_service', { adminUrl, database }),
    ORDER_DATABASE_URL: roleUrl('order_service', { adminUrl, database }),
  }
  const given = { ...environment(), ...urls, DATABASE_URL: adminUrl, DATABASE_NAME: database }
  const program = join(import.meta.dirname, '../migrate.ts')
  const run = (flags: Record<string, string>) =>
    promisify(execFile)(process.execPath, [program], { env: { ...given, ...flags } })
  await run({ SCENARIO_M3: 'optimized' })
  t.equal((await indexes()).length, without.length + 3)
  await run({})
  t.strictSame(await indexes(), without)
  const refused = run({ SCENARIO_M3: 'fast' })
  await t.rejects(refused, { message: /Scenario M3 has no variant "fast"/ })
})

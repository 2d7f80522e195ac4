import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@flash-deal/local/paths'
import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { explained } from '../counted/explained.ts'
import { cpuUsOf } from '../probes/cpu.ts'
import type { Counted } from '../record.ts'
import type { Extent } from './subject.ts'

/** The cost of an index for inserts: the same rows, without M3's indexes and with one at a time. */

const rowCounts = { full: 10_000, smoke: 500 }

/** Repetitions; the one with the least CPU time counts. Their number is in the name of the figure. */
const [rounds, leastCpu] = [5, 'CPU µs, the least of five']

/** Copies of existing rows with new ids, inserted like the services do. */
const insertInto = {
  orders: `
    insert into orders.orders (id, user_id, status, total_amount, shipping_address)
    select md5(id::text)::uuid, user_id, status, total_amount, shipping_address
    from orders.orders order by id limit $1`,
  products: `
    insert into product.products
      (id, owner_id, name, description, price, stock, supplied, category, image_url)
    select md5(id::text)::uuid, owner_id, name, description, price, stock, stock, category, image_url
    from product.products order by id limit $1`,
}

type Table = keyof typeof insertInto
type Index = { name: string; table: Table; text: string }

/** The `create index` statements of up.sql, whose comments contain semicolons too. */
const indexesIn = (file: string): Index[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /create index if not exists (\w+)\s+on \w+\.(\w+)[^;]*/g,
    ),
  ].flatMap(([text, name, table]) =>
    name !== undefined && isTable(table) ? { name, table, text } : [],
  )

const isTable = (name: string | undefined): name is Table =>
  name !== undefined && name in insertInto

/** Removes all rows and indexes afterwards, and vacuums their space. */
export const indexesCost = async ({ adminUrl }: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const rows = rowCounts[extent]
  const counted: Counted[] = []
  try {
    for (const table of ['orders', 'products'] as const) {
      const all = indexesIn('db/scenarios/m3-indexes/up.sql').filter((each) => each.table === table)
      counted.push(...(await insertsWith(sql, { table, rows, row: `${table}, without` })))
      for (const { name, text } of all) {
        await sql.unsafe(text)
        counted.push(...(await insertsWith(sql, { table, rows, row: `${table}, with ${name}` })))
        await sql.unsafe(`drop index ${table === 'orders' ? 'orders' : 'product'}.${name}`)
      }
    }
    return counted
  } finally {
    for (const table of ['orders.orders', 'product.products'])
      await sql.unsafe(`vacuum (analyze) ${table}`)
    await sql.end({ timeout: 1 })
  }
}

type Insert = { table: Table; rows: number; row: string }

/** Once right after a checkpoint, when whole pages are written to the WAL, then several times more. */
const insertsWith = async (sql: Sql, { table, rows, row }: Insert): Promise<Counted[]> => {
  const shared = { kind: 'counted', table: 'What an index costs an insert', per: rows } as const
  await sql`checkpoint`
  const first = await insert(sql, table, rows)
  const later = []
  while (later.length < rounds) later.push(await insert(sql, table, rows))
  const [cheapest] = later.toSorted((one, other) => one.cpuUs - other.cpuUs)
  return [
    { ...shared, row: `${row}, right after a checkpoint`, plan: first.plan, also: {} },
    {
      ...shared,
      row: `${row}, later`,
      ...(cheapest && { plan: cheapest.plan }),
      also: { [leastCpu]: { counted: cheapest?.cpuUs ?? 0, per: rows } },
    },
  ]
}

class TakenBack extends Error {}

const insert = async (sql: Sql, table: Table, rows: number) => {
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  const pids = [backend?.pid ?? 0]
  let found: { plan: Counted['plan'] & {}; cpuUs: number } | undefined
  await sql
    .begin(async (transaction) => {
      const before = cpuUsOf(pids)
      const plan = await explained(transaction, insertInto[table], [rows])
      found = { plan, cpuUs: cpuUsOf(pids) - before }
      throw new TakenBack()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error
    })
  if (!found) throw new Error(`No rows were inserted into ${table}.`)
  return found
}

import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { explained } from '../counted/explained.ts'
import type { Counted } from '../record.ts'
import { quantile } from '../stats/quantile.ts'
import type { Extent } from './subject.ts'

/** The WAL and the index size of a row, by the kind of its primary key. */

const rowCounts = {
  full: { there: 1_000_000, inserted: 10_000 },
  smoke: { there: 5_000, inserted: 500 },
}

type Kind = { name: string; type: string; next: string }

/** The SQL expression of the next id; `number` increases by one for each row. */
const kinds: readonly Kind[] = [
  { name: 'UUID v4', type: 'uuid', next: 'gen_random_uuid()' },
  { name: 'UUID v7', type: 'uuid', next: 'uuidv7()' },
  { name: 'bigint', type: 'bigint', next: 'number' },
]

/** Uses temporary copies of the table of products with other keys. */
export const idsWritten = async ({ adminUrl }: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const counted: Counted[] = []
  try {
    await sql`create schema lab`
    for (const kind of kinds) counted.push(...(await insertsBy(sql, kind, rowCounts[extent])))
    return counted.map((each) => besideBigint(each, counted)).toSorted(byTableAndRow)
  } finally {
    await sql`drop schema if exists lab cascade`
    await sql.end({ timeout: 1 })
  }
}

const byTableAndRow = (one: Counted, other: Counted): number =>
  `${one.table} ${one.row}` < `${other.table} ${other.row}` ? -1 : 1

/** The WAL as a multiple of that of the smallest key. */
const besideBigint = (own: Counted, all: readonly Counted[]): Counted => {
  const place = own.row.slice(0, own.row.lastIndexOf(','))
  const least = all.find(({ table, row }) => table === own.table && row === `${place}, bigint`)
  const [bytes, leastBytes] = [own.plan?.['WAL Bytes'], least?.plan?.['WAL Bytes']]
  if (bytes === undefined || leastBytes === undefined) return own
  return { ...own, also: { ...own.also, 'times bigint': { counted: bytes, per: leastBytes } } }
}

type Rows = (typeof rowCounts)[Extent]

const insertsBy = async (sql: Sql, kind: Kind, { there, inserted }: Rows): Promise<Counted[]> => {
  const [empty, full] = ['into an empty table', `into ${there.toLocaleString('en')} rows`]
  await createTable(sql, kind)
  const alone = await insertOneByOne(sql, kind, { first: 1, last: inserted })
  await createTable(sql, kind)
  const first = await insertAfterCheckpoint(sql, kind, { first: 1, last: inserted })
  await sql.unsafe(insertOf(kind), [inserted + 1, there])
  const last = there + inserted
  const later = await insertAfterCheckpoint(sql, kind, { first: there + 1, last })
  const alsoAlone = await insertOneByOne(sql, kind, { first: last + 1, last: last + inserted })
  return [
    ...[first, alone].map((each) => ({ ...each, row: `${empty}, ${kind.name}` })),
    ...[later, alsoAlone].map((each) => ({ ...each, row: `${full}, ${kind.name}` })),
  ]
}

/** Single commits of one client; the first run starts right after a checkpoint. */
const insertOneByOne = async (
  sql: Sql,
  kind: Kind,
  { first, last }: Range,
): Promise<Omit<Counted, 'row'>> => {
  await sql`checkpoint`
  const tookMs: number[] = []
  for (let number = first; number <= last; number += 1) {
    const begin = performance.now()
    await sql.unsafe(insertOf(kind), [number, number], { prepare: true })
    tookMs.push(performance.now() - begin)
  }
  const ascending = tookMs.toSorted((one, other) => one - other)
  return {
    kind: 'counted',
    table: 'Duration of one insert of a product without other load, measured once',
    per: 1,
    also: {
      'median, ms': { counted: quantile(ascending, 0.5), per: 1 },
      'p95, ms': { counted: quantile(ascending, 0.95), per: 1 },
    },
  }
}

const createTable = async (sql: Sql, { type }: Kind): Promise<void> => {
  await sql`drop table if exists lab.products`
  await sql`create table lab.products (like product.products including defaults)`
  await sql.unsafe(`alter table lab.products alter id type ${type} using null`)
  await sql`alter table lab.products add primary key (id)`
}

/** Rows with the columns that a seller fills in, of typical length. */
const insertOf = ({ next }: Kind): string => `
  insert into lab.products
    (id, owner_id, name, description, price, stock, supplied, category, image_url)
  select
    ${next}, '00000000-0000-4000-8000-000000000000', 'Product ' || number,
    'What is to be said of product ' || number || ', in about as many words as a shop has for it.',
    1000 + number % 1000, 100, 100, 'garden',
    'https://images.example.com/products/' || number || '.jpg'
  from generate_series($1::bigint, $2::bigint) as number`

type Range = { first: number; last: number }

/** After a checkpoint, the first change of a page writes the whole page to the WAL. */
const insertAfterCheckpoint = async (
  sql: Sql,
  kind: Kind,
  { first, last }: Range,
): Promise<Omit<Counted, 'row'>> => {
  await sql`checkpoint`
  const plan = await explained(sql, insertOf(kind), [first, last])
  const [index] = await sql<{ bytes: number }[]>`
    select pg_relation_size('lab.products_pkey')::float8 as bytes`
  return {
    kind: 'counted',
    table: 'What the insert of a product writes right after a checkpoint',
    plan,
    per: last - first + 1,
    also: { 'bytes of the primary key': { counted: index?.bytes ?? 0, per: last } },
  }
}

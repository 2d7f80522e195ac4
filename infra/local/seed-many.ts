import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres, { type ISql, type Sql } from 'postgres'
import { root } from './paths.ts'
import { PlainError } from './plain-error.ts'

/**
 * Generates data of any size directly in the tables of the services (db/seed), because a million rows
 * would take hours through the API. The same amounts and seed give the same rows on any PostgreSQL 18.
 */

export type Amounts = {
  products: number
  orders: number
  users: number
  /** The seed; it determines every row. */
  seed: number
}

export type Progress = { done: number; of: number }

export type SeedMany = Amounts & {
  /** The services' database, with a role that owns the tables. */
  adminUrl: string
  /** Called after every batch with the inserted rows and the total. */
  onProgress?: (progress: Progress) => void
}

/** The password of every generated user. */
export const seededPassword = 'flash-deal-demo'

/** Its hash. All users share one hash, because 5,000 hashes would take minutes. */
const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$fAGPJ1ojl3aaE/KkN96Uhg$NAtYGTx07bfioqQNaryIfFa7brrczpITsXZTtBMKoK0'

/** The email of the user with this number, from 1. */
export const seededEmail = (seed: number, number: number): string =>
  `buyer-${number}@seed-${seed}.example.com`

const batchSize = 25_000

/** In the order of their dependencies. */
const functions = ['draws', 'words', 'catalogue', 'deals', 'purchases']

type Step = { file: string; rows?: number; args?: readonly string[] }
type Part = readonly Step[]

/**
 * The inserts, in parts that run in parallel. A part without a number of rows runs as one statement.
 */
const partsOf = ({ products, orders, users }: Amounts): Part[] => [
  [
    { file: 'product/taken' },
    { file: 'product/buyers' },
    { file: 'product/products', rows: products },
    { file: 'product/deals' },
    { file: 'product/deal-buyers' },
  ],
  [
    { file: 'product/reservations', rows: orders },
    { file: 'product/reservation-lines', rows: orders },
  ],
  [
    { file: 'auth/users', rows: users, args: [passwordHash] },
    { file: 'order/orders', rows: orders },
    { file: 'order/order-items', rows: orders },
  ],
]

/**
 * Adds users, products, deals and orders with their dependent rows; all or nothing.
 *
 * @throws PlainError if data of this seed exists
 */
export const seedMany = async ({ adminUrl, onProgress, ...amounts }: SeedMany): Promise<void> => {
  const parts = partsOf(amounts)
  const max = parts.length
  const sql = postgres(adminUrl, { max, connect_timeout: 5, onnotice: () => {} })
  try {
    await refuseTwice(sql, amounts.seed)
    const fill = filling(amounts, onProgress)
    await inTransactions(sql, parts, fill)
    await sql.unsafe(textOf('statistics'))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

type Fill = (sql: ISql, part: Part) => Promise<void>

/** One transaction per part, in parallel. They commit when all have succeeded. */
const inTransactions = async (
  sql: Sql,
  parts: readonly Part[],
  fill: Fill,
  begun: readonly (() => Promise<void>)[] = [],
): Promise<void> => {
  const [part, ...others] = parts
  if (part === undefined) {
    await Promise.all(begun.map((start) => start()))
    return
  }
  await sql.begin((transaction) =>
    inTransactions(sql, others, fill, [...begun, () => fill(transaction, part)]),
  )
}

const refuseTwice = async (sql: ISql, seed: number): Promise<void> => {
  const [user] = await sql`select from auth.users where lower(email) = ${seededEmail(seed, 1)}`
  if (user === undefined) return
  throw new PlainError(
    `The data of seed ${seed} exists. Use another --seed to add more data, or run make reset to start again.`,
  )
}

const textOf = (file: string): string => readFileSync(join(root, 'db/seed', `${file}.sql`), 'utf8')

/** If one part fails, the others stop. */
const filling = (amounts: Amounts, onProgress: SeedMany['onProgress']): Fill => {
  const failure = new AbortController()
  const of = rowsIn(partsOf(amounts).flat())
  let done = 0
  const onBatch = (rows: number): void => {
    failure.signal.throwIfAborted()
    done += rows
    onProgress?.({ done, of })
  }
  return async (sql, part) => {
    try {
      await sql.unsafe(functionsFor(amounts))
      for (const step of part) await take(sql, step, onBatch)
    } catch (error) {
      failure.abort(error)
      throw error
    }
  }
}

const rowsIn = (steps: Part): number => steps.reduce((sum, { rows = 0 }) => sum + rows, 0)

/** Temporary functions: they are dropped with the connection. */
const functionsFor = ({ seed, products, orders, users }: Amounts): string => {
  const constants = { seed, product_count: products, order_count: orders, user_count: users }
  return [
    ...Object.entries(constants).map(([name, value]) => {
      return `create function pg_temp.${name}() returns bigint stable return ${value};`
    }),
    ...functions.map((name) => textOf(`functions/${name}`)),
  ].join('\n')
}

const take = async (
  sql: ISql,
  { file, rows, args = [] }: Step,
  onBatch: (rows: number) => void,
): Promise<void> => {
  const text = textOf(file)
  if (rows === undefined) {
    await sql.unsafe(text)
    return
  }
  for (let first = 1; first <= rows; first += batchSize) {
    const last = Math.min(rows, first + batchSize - 1)
    await sql.unsafe(text, [first, last, ...args])
    onBatch(last - first + 1)
  }
}

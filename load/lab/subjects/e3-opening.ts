import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { variantsOf } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { layout, pinThisProcess } from '../cores.ts'
import type { Counted } from '../record.ts'
import { quantile } from '../stats/quantile.ts'
import { asUser } from './as-user.ts'
import { productNo } from './listed.ts'
import { type Shop, shopBeside } from './shop-beside.ts'
import type { Extent } from './subject.ts'

/**
 * The second in which deals open: people look at the list now and then, and all of them at the
 * opening. For a p95 that is worth printing each variant has several openings.
 */

const extents = {
  full: { people: 200, openings: 5 },
  smoke: { people: 20, openings: 1 },
}

const dealsOpening = 10

/** Milliseconds: from one look to the next, and until the last has seen that it is noon. */
const [pauseMs, jitterMs] = [500, 100]

/** Milliseconds, from the opening on: who looks, and when the deals end again. */
const [fromMs, toMs, endMs] = [-1_000, 2_000, 3_000]

/** By the moment at which it was sent, in milliseconds from the opening on. */
type Snapshot = { atMs: number; tookMs: number; total: number }

export const openingsSeen = async (stack: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} })
  const counted: Counted[] = []
  try {
    await sql`create extension if not exists pg_stat_statements`
    for (const variant of variantsOf('E3')) {
      const shop = await shopBeside(stack, 'E3', variant)
      const openings = []
      // Two hundred people take a good part of a core: not of the one that the shop is on.
      if (extent === 'full') pinThisProcess(layout.generator)
      for (let n = 0; n < extents[extent].openings; n += 1)
        openings.push(await openingAt({ stack, sql, shop, people: extents[extent].people }))
      if (extent === 'full') pinThisProcess(layout.server)
      counted.push(rowOf(variant, openings))
      await stack.supervisor.stop(shop.name)
    }
    return counted
  } finally {
    await sql.end({ timeout: 1 })
  }
}

type Stage = { stack: Stack; sql: Sql; shop: Shop; people: number }

/** What was seen, of how many deals when none had opened, and how often the database was asked. */
type Opening = { looks: Snapshot[]; before: number; statements: number }

const openingAt = async ({ stack, sql, shop, people }: Stage): Promise<Opening> => {
  const opensAt = Date.now() - fromMs + 2_000
  await offerDeals(stack, shop, opensAt)
  const before = await totalAt(shop)
  const statements = statementsIn(sql, opensAt)
  const looks = await Promise.all(
    Array.from({ length: people }, (_, n) => lookOnAndOff(shop, opensAt, n / people)),
  )
  await until(opensAt + endMs + 100)
  return { looks: looks.flat(), before, statements: await statements }
}

const offerDeals = async (stack: Stack, { address }: Shop, opensAt: number): Promise<void> => {
  const headers = { ...asUser(randomUUID(), stack), 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const answer = await fetch(address + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (answer.status !== 201) throw new Error(`${path} answers ${answer.status}.`)
    return (await answer.json()) as { id: string }
  }
  for (let n = 0; n < dealsOpening; n += 1) {
    const { id: product_id } = await post('/products', productNo(n))
    await post('/products/deals', {
      ...{ product_id, deal_price: 500, deal_stock: 10 },
      starts_at: new Date(opensAt).toISOString(),
      ends_at: new Date(opensAt + endMs).toISOString(),
    })
  }
}

/** @param share from 0 to 1, so that not all come at once before the opening */
const lookOnAndOff = async (shop: Shop, opensAt: number, share: number): Promise<Snapshot[]> => {
  const looks: Snapshot[] = []
  const times = [...timesFrom(fromMs, 0, share * pauseMs), ...timesFrom(0, toMs, share * jitterMs)]
  for (const atMs of times) {
    await until(opensAt + atMs)
    const [sentAt, askedAt] = [Date.now(), performance.now()]
    const total = await totalAt(shop)
    looks.push({ atMs: sentAt - opensAt, tookMs: performance.now() - askedAt, total })
  }
  return looks
}

const timesFrom = (from: number, to: number, later: number): number[] =>
  Array.from({ length: (to - from) / pauseMs }, (_, n) => from + n * pauseMs + later)

const totalAt = async ({ address }: Shop): Promise<number> => {
  const answer = await fetch(`${address}/products/deals`)
  if (answer.status !== 200) throw new Error(`The list of deals answers ${answer.status}.`)
  return ((await answer.json()) as { total: number }).total
}

/** How often the list was read from the database in the second after the opening. */
const statementsIn = async (sql: Sql, opensAt: number): Promise<number> => {
  await until(opensAt)
  const before = await listsRead(sql)
  await until(opensAt + 1_000)
  return (await listsRead(sql)) - before
}

const listsRead = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ calls: number }[]>`
    select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
    where query like '%from deal_cards%' and query like '%count(*) over ()%'`
  return row?.calls ?? 0
}

const until = (atMs: number): Promise<void> => sleep(Math.max(0, atMs - Date.now()))

const rowOf = (variant: string, openings: readonly Opening[]): Counted => {
  const looks = openings.flatMap((each) => each.looks)
  const wrong = openings.flatMap(({ looks, before }) =>
    looks.filter(({ atMs, tookMs, total }) => isWrong(atMs, tookMs, total - before)),
  )
  const once = (counted: number) => ({ counted, per: 1 })
  return {
    kind: 'counted',
    table: `When ${dealsOpening} deals open, and everybody looks`,
    row: variant,
    per: 1,
    also: {
      'lists read in the first second': {
        counted: openings.reduce((sum, { statements }) => sum + statements, 0),
        per: openings.length,
      },
      'p95 the second before, ms': once(p95Of(looks, -1_000)),
      'p95 in the first second, ms': once(p95Of(looks, 0)),
      'p95 in the next, ms': once(p95Of(looks, 1_000)),
      'lists that were wrong': once(wrong.length),
    },
  }
}

/** Shown before they were open, or not shown to who asked when they were: clocks tell milliseconds. */
const isWrong = (atMs: number, tookMs: number, more: number): boolean =>
  (atMs + tookMs < -1 && more !== 0) || (atMs > 1 && more !== dealsOpening)

const p95Of = (looks: readonly Snapshot[], from: number): number => {
  const within = looks.filter(({ atMs }) => atMs >= from && atMs < from + 1_000)
  return quantile(
    within.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other),
    0.95,
  )
}

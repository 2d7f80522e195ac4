import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { variantsOf } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { layout, pinThisProcess } from '../cores.ts'
import { repeated, type Trial } from '../counted/repeated.ts'
import type { Counted } from '../record.ts'
import { quantile } from '../stats/quantile.ts'
import { asUser } from './as-user.ts'
import { productNo } from './product-pages.ts'
import { type Shop, shopBeside } from './shop-beside.ts'
import type { Extent } from './subject.ts'

/**
 * The opening of deals: users request the list at intervals, and all of them at the opening. Each
 * variant has five openings, in random order with those of the other variants. The p95 is computed over
 * all five, because one opening has too few requests.
 */

const extents = {
  full: { people: 200, openings: 5 },
  smoke: { people: 20, openings: 1 },
}

const dealsOpening = 10

/** Milliseconds between two requests of a user, and the spread of the users' requests at the opening. */
const [pauseMs, jitterMs] = [500, 100]

/** Start and end of the requests, and the end of the deals, in milliseconds from the opening. */
const [fromMs, toMs, endMs] = [-1_000, 2_000, 3_000]

/** The time of sending in milliseconds from the opening, and the response. */
type TimedRequest = { atMs: number; tookMs: number; total: number }

/** The seed of the order of openings. */
const seed = 3

export const openingsSeen = async (stack: Stack, extent: Extent): Promise<Counted[]> => {
  const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`create extension if not exists pg_stat_statements`
    const { people, openings } = extents[extent]
    const seen = variantsOf('E3').map((variant) => ({ variant, openings: [] as Opening[] }))
    const trials = seen.map((each) =>
      trialOf({ stack, sql, people, isPinned: extent === 'full' }, each.variant, each.openings),
    )
    const rows = await repeated(trials, seed, openings)
    return rows.map((row, at) => ({ ...row, also: pooled(seen[at]?.openings ?? []) }))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * Each opening has its own shop, and no other shop runs meanwhile: it would cache the same deals, and
 * its statements would be counted.
 */
const trialOf = (stage: Omit<Stage, 'shop'>, variant: string, openings: Opening[]): Trial => ({
  table: `When ${dealsOpening} deals open, and all users request the list`,
  row: variant,
  run: async () => {
    const shop = await shopBeside(stage.stack, 'E3', variant)
    for (let request = 0; request < requestsBefore; request += 1) await totalAt(shop)
    // Many users need much of a core, which must not be the core of the shop.
    if (stage.isPinned) pinThisProcess(layout.generator)
    const opening = await openingAt({ ...stage, shop })
    if (stage.isPinned) pinThisProcess(layout.server)
    await stage.stack.supervisor.stop(shop.name)
    openings.push(opening)
    return {
      figures: {
        'lists read in the first second': opening.statements,
        'p75 in the first second, ms': quantileOf(opening.requests, 0, 0.75),
      },
    }
  },
})

/** Warms up the new process. */
const requestsBefore = 500

type Stage = { stack: Stack; sql: Sql; shop: Shop; people: number; isPinned: boolean }

/** The responses, the number of deals before the opening, and the number of statements. */
type Opening = { requests: TimedRequest[]; before: number; statements: number }

const openingAt = async ({ stack, sql, shop, people }: Stage): Promise<Opening> => {
  const opensAt = Date.now() - fromMs + 2_000
  await offerDeals(stack, shop, opensAt)
  const before = await totalAt(shop)
  const statements = statementsIn(sql, opensAt)
  const requests = await Promise.all(
    Array.from({ length: people }, (_, n) => requestAtIntervals(shop, opensAt, n / people)),
  )
  await until(opensAt + endMs + 100)
  return { requests: requests.flat(), before, statements: await statements }
}

const offerDeals = async (stack: Stack, { address }: Shop, opensAt: number): Promise<void> => {
  const headers = { ...asUser(randomUUID(), stack), 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const response = await fetch(address + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (response.status !== 201) throw new Error(`${path} answers ${response.status}.`)
    return (await response.json()) as { id: string }
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

/** @param share from 0 to 1, spreads the requests before the opening */
const requestAtIntervals = async (
  shop: Shop,
  opensAt: number,
  share: number,
): Promise<TimedRequest[]> => {
  const requests: TimedRequest[] = []
  const times = [...timesFrom(fromMs, 0, share * pauseMs), ...timesFrom(0, toMs, share * jitterMs)]
  for (const atMs of times) {
    await until(opensAt + atMs)
    const [sentAt, beganAt] = [Date.now(), performance.now()]
    const total = await totalAt(shop)
    requests.push({ atMs: sentAt - opensAt, tookMs: performance.now() - beganAt, total })
  }
  return requests
}

const timesFrom = (from: number, to: number, later: number): number[] =>
  Array.from({ length: (to - from) / pauseMs }, (_, n) => from + n * pauseMs + later)

const totalAt = async ({ address }: Shop): Promise<number> => {
  const response = await fetch(`${address}/products/deals`)
  if (response.status !== 200) throw new Error(`The list of deals returned ${response.status}.`)
  return ((await response.json()) as { total: number }).total
}

/** The number of reads of the list from the database in the second after the opening. */
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

/** The figures over all openings of a variant. */
const pooled = (openings: readonly Opening[]): Counted['also'] => {
  const requests = openings.flatMap((each) => each.requests)
  const wrong = openings.flatMap(({ requests, before }) =>
    requests.filter(({ atMs, tookMs, total }) => isWrong(atMs, tookMs, total - before)),
  )
  const once = (counted: number) => ({ counted, per: 1 })
  return {
    'p95 the second before, ms': once(quantileOf(requests, -1_000, 0.95)),
    'p95 in the first second, ms': once(quantileOf(requests, 0, 0.95)),
    'p95 in the next, ms': once(quantileOf(requests, 1_000, 0.95)),
    'lists that were wrong': once(wrong.length),
  }
}

/** Deals were listed before the opening, or missing after it, with a resolution of milliseconds. */
const isWrong = (atMs: number, tookMs: number, more: number): boolean =>
  (atMs + tookMs < -1 && more !== 0) || (atMs > 1 && more !== dealsOpening)

/** The quantile of the requests within a second from this time. */
const quantileOf = (requests: readonly TimedRequest[], from: number, share: number): number => {
  const within = requests.filter(({ atMs }) => atMs >= from && atMs < from + 1_000)
  return quantile(
    within.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other),
    share,
  )
}

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Stack, startStack } from '@flash-deal/local/stack'
import postgres, { type Sql } from 'postgres'
import { Agent } from 'undici'
import { cpuUsOf, familyOf } from '../probes/cpu.ts'
import { quantile } from '../stats/quantile.ts'
import { type HotDeal, offerDeal } from '../subjects/hot-deal.ts'
import type { ClockArm } from './arms.ts'

/** The three clocks of an asynchronous order, measured at the API of the order service. */

export type Clocks = {
  arm: string
  /** Orders per second while they were sent. */
  acceptedPerS: number
  /** Orders per second from the first request to the last decision. */
  confirmedPerS: number
  /** 95th percentile of the milliseconds from the request until the buyer can read the outcome. */
  outcomeP95Ms: number
  /** Milliseconds from the last response to the last decision. */
  drainMs: number
  /** CPU of order, product, PostgreSQL and Kafka for each confirmed order. */
  cpuMsPerOrder: number
}

export type ClocksOptions = { buyers: number; sendMs: number }

/** One of this many orders is followed until its outcome. */
const followedOneIn = 20
const pollMs = 5
const decidedWithinMs = 60_000

export const measureClocks = async (arm: ClockArm, options: ClocksOptions): Promise<Clocks> => {
  const stack = await startStack({ settings: { ...arm.settings, LOG_LEVEL: 'error' } })
  const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} })
  const agent = new Agent({ connections: options.buyers * 2 })
  try {
    const deal = await offerDeal(stack.url, 1_000_000)
    const buying = { stack, agent, deal }
    await send(buying, { ...options, sendMs: 1_000 })
    await untilDecided(sql)
    return { arm: arm.name, ...(await run(buying, sql, options)) }
  } finally {
    await agent.destroy()
    await sql.end({ timeout: 1 })
    await stack.end()
  }
}

type Buying = { stack: Stack; agent: Agent; deal: HotDeal }

const run = async (
  buying: Buying,
  sql: Sql,
  options: ClocksOptions,
): Promise<Omit<Clocks, 'arm'>> => {
  const [before, cpuBefore] = [await confirmedIn(sql), cpuOf(buying.stack)]
  const begin = performance.now()
  const sent = await send(buying, options)
  const respondedAt = performance.now()
  await untilDecided(sql)
  const decided = performance.now()
  const confirmed = (await confirmedIn(sql)) - before
  return {
    acceptedPerS: sent.accepted / ((respondedAt - begin) / 1_000),
    confirmedPerS: confirmed / ((decided - begin) / 1_000),
    outcomeP95Ms: quantile(
      sent.outcomesMs.toSorted((a, b) => a - b),
      0.95,
    ),
    drainMs: decided - respondedAt,
    cpuMsPerOrder: (cpuOf(buying.stack) - cpuBefore) / confirmed,
  }
}

const processes = ['order', 'product', 'postgres', 'kafka']

const cpuOf = ({ supervisor }: Stack): number =>
  cpuUsOf(
    processes.flatMap((name) => {
      const pid = supervisor.pid(name)
      return pid === undefined ? [] : familyOf(pid)
    }),
  ) / 1_000

/** A closed loop: each buyer orders again when the response has arrived. */
const send = async (buying: Buying, { buyers, sendMs }: ClocksOptions) => {
  const end = performance.now() + sendMs
  const outcomesMs: number[] = []
  const followed: Promise<void>[] = []
  let accepted = 0
  const buyer = async (): Promise<void> => {
    const user = randomUUID()
    while (performance.now() < end) {
      const click = performance.now()
      const id = await buy(buying, user)
      accepted += 1
      if (accepted % followedOneIn !== 0) continue
      followed.push(
        follow(buying, user, id).then(() => void outcomesMs.push(performance.now() - click)),
      )
    }
  }
  await Promise.all(Array.from({ length: buyers }, buyer))
  const result = { accepted, outcomesMs }
  await Promise.all(followed)
  return result
}

const headersOf = ({ stack }: Buying, user: string) => ({
  'content-type': 'application/json',
  'x-internal-key': stack.internalKey,
  'x-user-id': user,
})

/** @throws Error unless it is confirmed or accepted */
const buy = async (buying: Buying, user: string): Promise<string> => {
  const { stack, agent, deal } = buying
  const response = await agent.request({
    origin: stack.addresses.order,
    path: '/orders',
    method: 'POST',
    headers: headersOf(buying, user),
    body: JSON.stringify({ items: [{ ...deal, quantity: 1 }] }),
  })
  const body = (await response.body.json()) as { id: string }
  if (response.statusCode === 201 || response.statusCode === 202) return body.id
  throw new Error(`createOrder returned ${response.statusCode} ${JSON.stringify(body)}`)
}

const follow = async (buying: Buying, user: string, id: string): Promise<void> => {
  const deadline = performance.now() + decidedWithinMs
  const request = {
    origin: buying.stack.addresses.order,
    path: `/orders/${id}`,
    method: 'GET',
  } as const
  while (performance.now() < deadline) {
    const response = await buying.agent.request({ ...request, headers: headersOf(buying, user) })
    const { status } = (await response.body.json()) as { status: string }
    if (status !== 'pending') return
    await sleep(pollMs)
  }
  throw new Error(`Order ${id} was not decided.`)
}

const confirmedIn = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from orders.orders where status = 'confirmed'`
  return row?.count ?? 0
}

const untilDecided = async (sql: Sql): Promise<void> => {
  const deadline = performance.now() + decidedWithinMs
  for (;;) {
    const pending = await sql`select from orders.orders where status = 'pending' limit 1`
    if (pending.length === 0) return
    if (performance.now() > deadline) throw new Error('Orders were not decided.')
    await sleep(10)
  }
}

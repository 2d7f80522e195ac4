import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { h1 } from './h1.ts'
import type { Subject } from './subject.ts'

/**
 * H2: orders of one deal, sent directly to order. The unit of work is a confirmed order: a slice ends
 * when every order that was accepted in it is confirmed, so a backlog is no gain, and the CPU of the
 * consumer and of Kafka counts. No order is rejected, because the deal never sells out.
 * `npm run clocks` measures the time from the click to the outcome.
 */

const accepted = { status: 202, contains: '"status":"pending"' }
const decided = ['accepted', 'confirmed']

export const h2: Subject = {
  ...h1,
  id: 'H2',
  name: 'h2',
  // Fewer blocks, because a restart of all arms takes minutes.
  blocks: 2,
  question: 'the cost of a confirmed order whose response does not wait for the confirmation',
  statuses: ['201', '202'],
  responses: { optimized: accepted, 'queue-first': accepted },
  witness: { baseline: ['confirmed_first'], optimized: decided, 'queue-first': decided },
  targets: [],
  settle: untilDecided,
}

/** With M8 the synchronous order is cheaper. H2 replaces that, so this is the fair comparison. */
export const h2Batches: Subject = {
  ...h2,
  name: 'h2-batches',
  question: 'the same, compared with synchronous orders that are stored in batches (M8)',
  environment: ({ scenarios }) => (scenarios.H2 === 'baseline' ? { SCENARIO_M8: 'optimized' } : {}),
}

const decidedWithinMs = 120_000
const pollMs = 10

/** @throws Error if orders are still pending after two minutes */
async function untilDecided({ adminUrl }: Stack): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const deadline = performance.now() + decidedWithinMs
  try {
    while ((await sql`select from orders.orders where status = 'pending' limit 1`).length > 0) {
      if (performance.now() > deadline) throw new Error('Accepted orders were not decided.')
      await sleep(pollMs)
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

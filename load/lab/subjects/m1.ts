import { createClient } from '@flash-deal/local/api-client'
import { freshId, type Template } from '../generator/protocol.ts'
import { logIn } from './account.ts'
import { type HotDeal, hotDealAt, offerHotDeal, takeBackAll } from './hot-deal.ts'
import { ordersByPgbench } from './m1-alone.ts'
import { postOf, reservationOf } from './post-request.ts'
import type { Subject } from './subject.ts'

/** M1: all orders are of one deal. One subject loads product itself, one complete orders. */

const witness = {
  baseline: ['locked'],
  redlock: ['redlocked'],
  conditional: ['conditional'],
  optimized: ['batch'],
  redis: ['gate_passed'],
}

const ceiling = {
  what: 'a bare Fastify route that validates the same body and sends the same response, without stock',
  program: 'validate-only.ts',
}

const shared = {
  id: 'M1',
  connections: 64,
  witness,
  ceiling,
  prepare: offerHotDeal,
  reset: takeBackAll,
} satisfies Partial<Subject>

export const m1: Subject = {
  ...shared,
  name: 'm1',
  targets: [
    { variant: 'optimized', atLeast: 10, of: 'baseline' },
    { variant: 'optimized', atLeast: 0.6, of: 'ceiling' },
  ],
  question: 'the cost of taking a unit from one hot deal, sent directly to product',
  operations: ['createReservations'],
  services: ['product'],
  // A request waits 200 ms for the lock.
  sliceMs: 2_000,
  blocks: 4,
  settings: {
    // No order is stored here, so reservations stay held, and the sweep must not run.
    RESERVATION_TTL_MS: '3600000',
    // A lock has no queue: one in some thousands of requests waits for longer than the usual two
    // seconds. This should appear in the latencies and not as an error.
    QUERY_TIMEOUT_MS: '10000',
  },
  comesToRest: false,
  count: ordersByPgbench,
  templates: async (address, { internalKey }) => {
    const wire = reservationOf(await hotDealAt(address), internalKey)
    return [{ wire, status: 200, contains: '"outcome":"granted"' }]
  },
}

const buyerCounts = { full: 64, smoke: 4 }

export const m1Orders: Subject = {
  ...shared,
  name: 'm1-orders',
  targets: [{ variant: 'optimized', atLeast: 3, of: 'baseline' }],
  question: 'the cost of a complete order of a hot deal',
  operations: ['createOrder', 'createReservations'],
  // With auth, because the gateway's health requires equal variants.
  services: ['gateway', 'order', 'product', 'auth'],
  settings: { RELAY_INTERVAL_MS: '1000' },
  // An order takes 300 ms, and writes reach the disk in bursts.
  sliceMs: 3_000,
  blocks: 4,
  statuses: ['201'],
  comesToRest: true,
  templates: async (address, _, extent) => {
    const api = createClient(address)
    const deal = await hotDealAt(address)
    const templates: Template[] = []
    while (templates.length < buyerCounts[extent]) templates.push(orderOf(deal, await logIn(api)))
    return templates
  },
}

const orderOf = (deal: HotDeal, token: string): Template => {
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': freshId }
  const wire = postOf('/orders', headers, { items: [{ ...deal, quantity: 1 }] })
  return { wire, status: 201, contains: '"status":"confirmed"' }
}

import { createClient } from '@flash-deal/local/api-client'
import { freshId, type Template } from '../generator/protocol.ts'
import { logIn } from './account.ts'
import { type HotDeal, hotDealAt, offerHotDeal, takeBackAll } from './hot-deal.ts'
import { ordersByPgbench } from './m1-alone.ts'
import { postOf } from './post.ts'
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
  what: 'a bare Fastify route that validates the same body and gives the same answer, without stock',
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
  question: 'what it costs to take a unit from one hot deal, at the interface of product',
  operations: ['createReservations'],
  services: ['product'],
  // A turn at the lock takes a fifth of a second.
  sliceMs: 2_000,
  blocks: 4,
  settings: {
    // Nobody stores an order here, so what is taken stays held, and nobody is to ask about it.
    RESERVATION_TTL_MS: '3600000',
    // A lock has no queue: of some thousands who want it one waits for longer than the usual two
    // seconds. What that costs is to be seen in the latencies, and not as an answer of another kind.
    QUERY_TIMEOUT_MS: '10000',
  },
  comesToRest: false,
  count: ordersByPgbench,
  templates: async (address, { internalKey }) => {
    const deal = await hotDealAt(address)
    const body = {
      reservations: [{ order_id: freshId, user_id: freshId, lines: [{ ...deal, quantity: 1 }] }],
    }
    const headers = { 'x-internal-key': internalKey }
    const post = postOf('/internal/reservations', headers, body)
    return [{ wire: post, status: 200, contains: '"outcome":"granted"' }]
  },
}

const buyerCounts = { full: 64, smoke: 4 }

export const m1Orders: Subject = {
  ...shared,
  name: 'm1-orders',
  targets: [{ variant: 'optimized', atLeast: 3, of: 'baseline' }],
  question: 'what a hot deal costs from the click to the order that stands',
  operations: ['createOrder', 'createReservations'],
  // auth too: the gateway is not healthy beside one that runs with other variants.
  services: ['gateway', 'order', 'product', 'auth'],
  settings: { RELAY_INTERVAL_MS: '1000' },
  // An order takes a third of a second, and writes come to the disk in waves.
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

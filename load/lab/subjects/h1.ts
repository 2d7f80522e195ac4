import { randomUUID } from 'node:crypto'
import { freshId } from '../generator/protocol.ts'
import { hotDealIn, offerHotDeal, takeBackAll } from './hot-deal.ts'
import { postOf } from './post.ts'
import type { Subject } from './subject.ts'

/** H1: orders of one deal, at the interface of order, so that the call to product is a large part. */
export const h1: Subject = {
  id: 'H1',
  name: 'h1',
  question: 'what the call from order to product costs, where everybody buys of one deal',
  operations: ['createOrder', 'createReservations'],
  services: ['order', 'product'],
  connections: 64,
  // What is written comes to the disk in waves.
  sliceMs: 3_000,
  blocks: 4,
  settings: { RELAY_INTERVAL_MS: '1000' },
  statuses: ['201'],
  witness: {
    baseline: ['connection_call'],
    optimized: ['batch', 'batched'],
    http: ['pooled_call'],
    grpc: ['grpc_call'],
  },
  ceiling: {
    what: 'a bare Fastify route that validates the same body and gives the same answer, without stock',
    program: 'validate-only.ts',
  },
  targets: [
    { variant: 'http', atLeast: 1.1, of: 'baseline' },
    { variant: 'optimized', atLeast: 1.5, of: 'baseline' },
  ],
  comesToRest: true,
  prepare: offerHotDeal,
  reset: takeBackAll,
  templates: async (_address, stack) => {
    const deal = await hotDealIn(stack)
    const headers = { 'x-internal-key': stack.internalKey, 'x-user-id': randomUUID() }
    const own = { ...headers, 'idempotency-key': freshId }
    const wire = postOf('/orders', own, { items: [{ ...deal, quantity: 1 }] })
    return [{ wire, status: 201, contains: '"status":"confirmed"' }]
  },
}

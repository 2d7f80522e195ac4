import { randomUUID } from 'node:crypto'
import { freshId } from '../generator/protocol.ts'
import { hotDealIn, offerHotDeal, takeBackAll } from './hot-deal.ts'
import { postOf } from './post-request.ts'
import type { Subject } from './subject.ts'

/** H1: orders of one deal, sent directly to order, so that the call to product is a large part. */
export const h1: Subject = {
  id: 'H1',
  name: 'h1',
  question: 'the cost of the call from order to product, with orders of one deal',
  operations: ['createOrder', 'createReservations'],
  services: ['order', 'product'],
  connections: 64,
  // Writes reach the disk in bursts.
  sliceMs: 3_000,
  blocks: 4,
  settings: {
    RELAY_INTERVAL_MS: '1000',
    // A burst of writes to the disk should appear in the latencies and not as an error.
    QUERY_TIMEOUT_MS: '10000',
  },
  statuses: ['201'],
  witness: {
    baseline: ['connection_call'],
    optimized: ['batch', 'batched'],
    http: ['pooled_call'],
    grpc: ['grpc_call'],
  },
  ceiling: {
    what: 'a bare Fastify route that validates the same body and sends the same response, without stock',
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

import { createClient } from '@flash-deal/local/api-client'
import { logIn } from './account.ts'
import { hotDealAt, offerDeal } from './hot-deal.ts'
import { reservationOf } from './post-request.ts'
import type { Subject } from './subject.ts'

/** M7: orders of a sold-out deal. */

export const m7: Subject = {
  id: 'M7',
  name: 'm7',
  question: 'the cost of rejecting an order of a sold-out deal, sent directly to product',
  operations: ['createReservations'],
  services: ['product'],
  connections: 64,
  witness: { baseline: ['passed'], optimized: ['sold_out_known'] },
  ceiling: {
    what: 'a bare Fastify route that validates the same body and sends the same response, without stock',
    program: 'validate-only.ts',
  },
  prepare: async ({ url }) => {
    const api = createClient(url)
    const deal = await offerDeal(url, 1)
    const body = { items: [{ ...deal, quantity: 1 }] }
    await api('/orders', { body, token: await logIn(api) })
    return { deals: 1 }
  },
  // A rejection writes nothing.
  onlyReads: true,
  comesToRest: false,
  templates: async (address, { internalKey }) => {
    const wire = reservationOf(await hotDealAt(address), internalKey)
    return [{ wire, status: 200, contains: '"reason":"INSUFFICIENT_STOCK"' }]
  },
}

import { e2 } from './e2.ts'
import type { Subject } from './subject.ts'

/** M9: the list of products, through the gateway. */
export const m9: Subject = {
  ...e2,
  id: 'M9',
  name: 'm9',
  targets: [{ variant: 'optimized', atLeast: 0.6, of: 'ceiling' }],
  question: 'what it is worth to answer the product list at the gateway, where 10 pages are read',
  // auth and order too: the gateway is not healthy without those that it asks.
  services: ['gateway', 'product', 'order', 'auth'],
  witness: { baseline: [], optimized: ['hit'], etag: ['tagged'] },
  ceiling: {
    what: 'a bare Fastify route that answers the same bytes from its memory, without a gateway',
    program: 'same-bytes.ts',
  },
}

import { e2 } from './e2.ts'
import type { Subject } from './subject.ts'

/** M9: the list of products, through the gateway. */
export const m9: Subject = {
  ...e2,
  id: 'M9',
  name: 'm9',
  targets: [{ variant: 'optimized', atLeast: 0.6, of: 'ceiling' }],
  question: 'the effect of a cache of the product list at the gateway, with 10 pages',
  // Four processes an arm take most of the time of a restart.
  blocks: 4,
  // With auth and order, because the gateway's health includes them.
  services: ['gateway', 'product', 'order', 'auth'],
  witness: { baseline: [], optimized: ['hit'], etag: ['tagged'] },
  ceiling: {
    what: 'a bare Fastify route that sends the same bytes from memory, without a gateway',
    program: 'same-bytes.ts',
  },
}

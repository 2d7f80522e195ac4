import { h1 } from './h1.ts'
import type { Subject } from './subject.ts'

/** M8: orders of one deal, sent directly to order. Product takes the stock in batches in both arms. */

export const m8: Subject = {
  ...h1,
  id: 'M8',
  name: 'm8',
  // Fewer blocks, because a restart of all arms takes minutes.
  blocks: 2,
  targets: [],
  question: 'the cost of orders with concurrent inserts, sent directly to order',
  witness: { baseline: ['each'], optimized: ['batch'] },
}

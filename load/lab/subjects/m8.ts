import { m1Orders } from './m1.ts'
import type { Subject } from './subject.ts'

/** M8: complete orders of one deal. Product takes the stock in batches in both arms. */

export const m8: Subject = {
  ...m1Orders,
  id: 'M8',
  name: 'm8',
  // Fewer blocks, because a restart of all arms takes minutes.
  blocks: 2,
  targets: [],
  question: 'the cost of complete orders with concurrent inserts',
  witness: { baseline: ['each'], optimized: ['batch'] },
}

import { m1Orders } from './m1.ts'
import type { Subject } from './subject.ts'

/** M8: whole orders on one deal, of which product takes the stock in batches in both arms. */

export const m8: Subject = {
  ...m1Orders,
  id: 'M8',
  name: 'm8',
  targets: [],
  question: 'what it costs to store orders that come together, from the click to the stored order',
  witness: { baseline: ['each'], optimized: ['batch'] },
}

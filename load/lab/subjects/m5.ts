import { h1 } from './h1.ts'
import type { Subject } from './subject.ts'

/** M5: the cost of the breaker while product works. A fault test covers a failing product. */
export const m5: Subject = {
  ...h1,
  id: 'M5',
  name: 'm5',
  // Fewer blocks, because a restart of all arms takes minutes.
  blocks: 2,
  targets: [{ variant: 'optimized', atLeast: 0.97, of: 'baseline' }],
  question:
    'the cost of a circuit breaker for an order sent directly to order, while product works',
  witness: { baseline: [], optimized: ['called'] },
}

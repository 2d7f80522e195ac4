import { m1Orders } from './m1.ts'
import type { Subject } from './subject.ts'

/** M5: what the breaker costs while product works. What it is worth while product fails is a fault. */
export const m5: Subject = {
  ...m1Orders,
  id: 'M5',
  name: 'm5',
  targets: [{ variant: 'optimized', atLeast: 0.97, of: 'baseline' }],
  question: 'what a circuit breaker before product costs an order while product works',
  witness: { baseline: [], optimized: ['called'] },
}

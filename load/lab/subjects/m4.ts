import { ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

/** M4: what the limiter costs requests that it admits, each with a token, so two limits each. */
export const m4: Subject = {
  ...ownOrdersBy({ alg: 'RS256', users: 100 }),
  id: 'M4',
  name: 'm4',
  targets: [
    { variant: 'optimized', atLeast: 0.97, of: 'baseline' },
    { variant: 'redis', atLeast: 0.7, of: 'baseline' },
    { variant: 'leased', atLeast: 0.93, of: 'baseline' },
  ],
  question: 'what a rate limit costs that admits every request, of one address and a hundred users',
  witness: {
    baseline: [],
    optimized: ['counted_here'],
    redis: ['counted_in_redis'],
    leased: ['admitted_by_lease'],
  },
}

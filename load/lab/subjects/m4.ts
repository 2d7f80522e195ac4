import { ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

/** M4: the cost of the limiter for admitted requests with a token, which have two limits. */
export const m4: Subject = {
  ...ownOrdersBy({ alg: 'RS256', users: 100 }),
  id: 'M4',
  name: 'm4',
  targets: [
    { variant: 'optimized', atLeast: 0.97, of: 'baseline' },
    { variant: 'redis', atLeast: 0.7, of: 'baseline' },
    { variant: 'leased', atLeast: 0.93, of: 'baseline' },
  ],
  question:
    'the cost of a rate limit that admits every request, for one address and a hundred users',
  witness: {
    baseline: [],
    optimized: ['counted_here'],
    redis: ['counted_in_redis'],
    leased: ['admitted_by_lease'],
  },
}

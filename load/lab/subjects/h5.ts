import { ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

/** H5: what passing a request on costs, where each brings a token. */
export const h5: Subject = {
  ...ownOrdersBy({ alg: 'RS256', users: 100 }),
  id: 'H5',
  name: 'h5',
  // Envoy is another process before the gateway, with counters of its own.
  variants: ['optimized'],
  question: 'what it is worth to pass requests on with less work, where each brings a token',
  witness: {
    baseline: ['proxied'],
    optimized: ['dispatched'],
  },
}

import { ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

/** H5: the cost of forwarding a request with a token. */
export const h5: Subject = {
  ...ownOrdersBy({ alg: 'RS256', users: 100 }),
  id: 'H5',
  name: 'h5',
  // Envoy is a separate process in front of the gateway, with its own counters.
  variants: ['optimized'],
  question: 'the effect of cheaper forwarding, for requests with a token',
  witness: {
    baseline: ['proxied'],
    optimized: ['dispatched'],
  },
}

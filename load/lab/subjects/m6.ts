import { ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

/** M6: every request has a token. */
export const m6: Subject = {
  ...ownOrdersBy({ alg: 'RS256', users: 100 }),
  id: 'M6',
  name: 'm6',
  question: 'the effect of token verification at the gateway, for requests with a token',
  witness: {
    baseline: ['auth_asked'],
    optimized: ['verified_here'],
  },
}

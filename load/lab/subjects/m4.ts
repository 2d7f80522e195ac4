import { signerOf } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

const users = 100

const signer = signerOf('RS256')

/** M4: what the limiter costs requests that it admits, each with a token, so two limits each. */
export const m4: Subject = {
  id: 'M4',
  name: 'm4',
  targets: [
    { variant: 'optimized', atLeast: 0.97, of: 'baseline' },
    { variant: 'redis', atLeast: 0.7, of: 'baseline' },
    { variant: 'leased', atLeast: 0.93, of: 'baseline' },
  ],
  question: 'what a rate limit costs that admits every request, of one address and a hundred users',
  operations: ['listMyOrders'],
  services: ['gateway', 'order', 'product', 'auth'],
  connections: 16,
  blocks: 4,
  witness: {
    baseline: [],
    optimized: ['counted_here'],
    redis: ['counted_in_redis'],
    leased: ['admitted_by_lease'],
  },
  ceiling: {
    what: 'the gateway without any check of tokens',
    plant: 'no-token.ts',
  },
  environment: () => signer.environment,
  onlyReads: true,
  comesToRest: true,

  prepare: async () => ({ users }),

  templates: (address) => signer.templates(address, users),
}

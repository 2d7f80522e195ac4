import { signerOf } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

const users = 100

const signer = signerOf('RS256')

/** M6: whatever is asked for needs a token. */
export const m6: Subject = {
  id: 'M6',
  name: 'm6',
  question: 'what it is worth that the gateway verifies tokens, where every call brings one',
  operations: ['listMyOrders'],
  services: ['gateway', 'order', 'product', 'auth'],
  connections: 16,
  blocks: 4,
  witness: {
    baseline: ['auth_asked'],
    optimized: ['verified_here'],
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

import { signerOf } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

const users = 100

const signer = signerOf('RS256')

/** H5: what passing a request on costs, where each brings a token. */
export const h5: Subject = {
  id: 'H5',
  name: 'h5',
  // Envoy is another process before the gateway, with counters of its own.
  variants: ['optimized'],
  question: 'what it is worth to pass requests on with less work, where each brings a token',
  operations: ['listMyOrders'],
  services: ['gateway', 'order', 'product', 'auth'],
  connections: 16,
  blocks: 4,
  witness: {
    baseline: ['proxied'],
    optimized: ['dispatched'],
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

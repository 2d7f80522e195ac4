import { pageAt } from './listed.ts'
import type { Subject } from './subject.ts'

const path = '/auth/.well-known/jwks.json'

/**
 * H3: a request that asks auth for nothing but its keys, so that the process itself is measured:
 * HTTP, the contract, the metrics and the line of the log. `npm run languages` measures log-ins,
 * exchanges, checks of tokens and profiles.
 */
export const h3: Subject = {
  id: 'H3',
  name: 'h3',
  question: 'what a request costs auth in Go and in Node, without any work of its own',
  operations: ['getJwks'],
  services: ['auth'],
  connections: 16,
  witness: {
    baseline: ['answered_in_node'],
    optimized: ['answered_in_go'],
  },
  ceiling: {
    what: 'a Fastify app that sends the same bytes from memory',
    program: 'same-bytes.ts',
  },
  onlyReads: true,
  comesToRest: true,

  prepare: async () => ({ keys: 1 }),

  templates: async (address) => [await pageAt(address, path)],
}

import { type Algorithm, ownOrdersBy } from './signed-tokens.ts'
import type { Subject } from './subject.ts'

type Tokens = { name: string; alg: Algorithm; tokens: number; question: string }

/** M2: requests with repeated tokens. */
const remembered = ({ name, alg, tokens, question }: Tokens): Subject => ({
  ...ownOrdersBy({ alg, tokens }),
  id: 'M2',
  name,
  targets: [{ variant: 'optimized', atLeast: 0.97, of: 'ceiling' }],
  question,
  witness: {
    baseline: [],
    optimized: ['memory_hit'],
    redis: ['redis_hit'],
  },
})

export const m2 = remembered({
  name: 'm2',
  alg: 'RS256',
  tokens: 1,
  question: 'the effect of a token cache, with one RS256 token',
})

export const m2Many = remembered({
  name: 'm2-many',
  alg: 'RS256',
  tokens: 5_000,
  question: 'the effect of a token cache, with 5,000 RS256 tokens in turn',
})

export const m2Es256 = remembered({
  name: 'm2-es256',
  alg: 'ES256',
  tokens: 1,
  question: 'the effect of a token cache, with one ES256 token',
})

export const m2EdDsa = remembered({
  name: 'm2-eddsa',
  alg: 'EdDSA',
  tokens: 1,
  question: 'the effect of a token cache, with one EdDSA token',
})

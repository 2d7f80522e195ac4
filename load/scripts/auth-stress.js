import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Only protected requests: TOKENS users list their orders, which are empty. Every tenth request has a
 * forged token and must be rejected. M6, M2.
 *
 *     k6 run -e EXPECT=M6=optimized -e VUS=50 -e DURATION=30s load/scripts/auth-stress.js
 *     k6 run -e EXPECT=M6=optimized -e MODE=rate -e RATE=500 load/scripts/auth-stress.js
 */
const name = '/orders?size'

export const options = optionsFor({ vus: 50, duration: '30s', rate: 200 })

const tokens = numberOf('TOKENS', 20)

export const setup = () => {
  assertExpected()
  return newTokens(tokens)
}

const ordersBy = (token, statuses) => call('GET', '/orders?size=1', { token, name, statuses })

const isNone = ({ items, total }) => items.length === 0 && total === 0

const isRefusal = ({ error }) => error === 'INVALID_TOKEN'

/** A forged signature of the same length. */
const forgedFrom = (token) => {
  const at = token.lastIndexOf('.') + 1
  const first = token[at] === 'A' ? 'B' : 'A'
  return token.slice(0, at) + first + token.slice(at + 1)
}

export default (known) => {
  const iteration = exec.scenario.iterationInTest
  const token = known[iteration % known.length]
  if (iteration % 10 === 0)
    checked(ordersBy(forgedFrom(token), [401]), 'forged token', 401, isRefusal)
  else checked(ordersBy(token, [200]), 'own orders', 200, isNone)
  think(0)
}

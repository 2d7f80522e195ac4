import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { buy } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected, expected } from './lib/system.js'

/**
 * VUS buyers order the same deal in a closed loop. Successful, sold-out and rejected orders are counted
 * separately. M1.
 *
 *     k6 run -e EXPECT=M1=optimized load/scripts/concurrent-order.js
 *     k6 run -e EXPECT=M1=optimized -e STOCK=100 -e LIMIT=2 load/scripts/concurrent-order.js
 */
const defaults = { vus: 100, duration: '15s', rate: 100 }

// The thresholds that the baseline met when the scenario was planned.
const withRemedy = { 'http_req_duration{name:POST /orders}': ['p(95)<1200'] }
const latency = (expected.M1 || 'baseline') === 'baseline' ? {} : withRemedy

export const options = optionsFor(defaults, latency)

export const setup = () => {
  assertExpected()
  const deal = newDeal({ stock: numberOf('STOCK', 1_000_000), limit: numberOf('LIMIT', 0, 0) })
  return { deal, tokens: newTokens(vusOf(defaults)) }
}

export default ({ deal, tokens }) => {
  buy(tokens[(exec.vu.idInTest - 1) % tokens.length], deal, crypto.randomUUID())
  think(0)
}

const isSoundWith = (deal) => (seen) =>
  seen.remaining_stock >= 0 &&
  seen.remaining_stock < deal.deal_stock &&
  seen.status === (seen.remaining_stock > 0 ? 'active' : 'sold_out')

export const teardown = ({ deal }) => {
  const answer = call('GET', `/products/deals/${deal.id}`, { name: '/products/deals/:id' })
  checked(answer, 'deal afterwards', 200, isSoundWith(deal))
}

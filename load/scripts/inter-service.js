import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { buy } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Orders through the gateway, each of which needs one reservation from product: DEALS deals, one
 * unit of one of them for each order. With few deals, calls from order to product can be coalesced.
 * Calls, and orders for each call, are counters on order's /metrics. H1.
 *
 *     k6 run -e EXPECT=H1=optimized -e VUS=64 load/scripts/inter-service.js
 *     k6 run -e EXPECT=H1=http -e MODE=rate -e RATE=200 -e DEALS=16 load/scripts/inter-service.js
 */
const defaults = { vus: 64, duration: '30s', rate: 200 }

export const options = optionsFor(defaults)

const deals = numberOf('DEALS', 1)

export const setup = () => {
  assertExpected()
  const stock = numberOf('STOCK', 1_000_000)
  return {
    deals: Array.from({ length: deals }, () => newDeal({ stock })),
    tokens: newTokens(vusOf(defaults)),
  }
}

export default ({ deals, tokens }) => {
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  buy(token, deals[exec.scenario.iterationInTest % deals.length], crypto.randomUUID())
  think(0)
}

export const teardown = ({ deals }) => {
  for (const { id, deal_stock } of deals) {
    const answer = call('GET', `/products/deals/${id}`, { name: '/products/deals/:id' })
    const isSound = ({ remaining_stock: left }) => left >= 0 && left <= deal_stock
    checked(answer, 'deal afterwards', 200, isSound)
  }
}

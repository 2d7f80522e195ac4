import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { buy, buyProducts } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newProduct, newToken, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * A ramp from one buyer up to VUS, who order without pauses: of ten orders seven are for a unit of one
 * deal, one for a product without a deal, two have three lines. Every order must succeed; the rate at
 * the end is the capacity of the system. H1, M1, M8.
 *
 *     k6 run -e EXPECT=M8=optimized -e VUS=100 load/scripts/order-stress.js
 *
 * For the rate limits of M4 a script is one client: use --local-ips, or raise the limits of the gateway.
 */
__ENV.MODE = __ENV.MODE || 'stress'

const defaults = { vus: 64, duration: '60s', rate: 100 }

export const options = optionsFor(defaults)

const products = numberOf('PRODUCTS', 20, 3)

export const setup = () => {
  assertExpected()
  const stock = numberOf('STOCK', 1_000_000)
  const owner = newToken()
  return {
    deal: newDeal({ stock }),
    products: Array.from({ length: products }, () => newProduct(owner, { stock })),
    tokens: newTokens(Math.min(vusOf(defaults), numberOf('TOKENS', 20))),
  }
}

/** A number of products, from this index on. */
const someOf = (all, from, count) =>
  Array.from({ length: count }, (_, index) => all[(from + index) % all.length])

export default ({ deal, products, tokens }) => {
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  const number = exec.scenario.iterationInTest
  // 7 and 10 have no common divisor: all ten kinds come, and each soon, also in a short run.
  const kind = (number * 7) % 10
  if (kind < 7) buy(token, deal, kind < 3 ? crypto.randomUUID() : undefined)
  else buyProducts(token, someOf(products, number, kind === 7 ? 1 : 3))
  think(0)
}

export const teardown = ({ deal }) => {
  const answer = call('GET', `/products/deals/${deal.id}`, { name: '/products/deals/:id' })
  const isSound = ({ remaining_stock: left }) => left >= 0 && left <= deal.deal_stock
  checked(answer, 'deal afterwards', 200, isSound)
}

import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { buy, buyAgain, cancel, findAmong, see } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * A complete purchase of a deal with STOCK units and, if it is set, a LIMIT per buyer: list products and
 * deals, order, repeat the request, read the order; one order in five is cancelled. Then the buyer
 * lists orders by status and by time. M3, on the data of `npm run seed`.
 *
 *     k6 run -e VUS=20 -e STOCK=1000 -e LIMIT=30 load/scripts/order-scenario.js
 *     k6 run -e EXPECT=M3=optimized load/scripts/order-scenario.js
 */
const defaults = { vus: 20, duration: '30s', rate: 20 }
export const options = optionsFor(defaults)

export const setup = () => {
  assertExpected()
  const deal = newDeal({ stock: numberOf('STOCK', 10_000), limit: numberOf('LIMIT', 0, 0) })
  return { deal, tokens: newTokens(vusOf(defaults)) }
}

const isOpen = ({ status, remaining_stock: left }) =>
  left >= 0 && status === (left > 0 ? 'active' : 'sold_out')

const isList = ({ items, page, size }) => page === 1 && items.length <= size && items.every(isOpen)

const isDeal = (deal) => (seen) =>
  seen.id === deal.id &&
  seen.deal_price === deal.deal_price &&
  seen.remaining_stock <= deal.deal_stock &&
  isOpen(seen)

const lookAround = (deal) => {
  checked(call('GET', '/products/deals'), 'deals', 200, isList)
  const answer = call('GET', `/products/deals/${deal.id}`, { name: '/products/deals/:id' })
  return checked(answer, 'deal', 200, isDeal(deal))
}

const isToBeCancelled = () => exec.scenario.iterationInTest % 5 === 0

const purchase = (token, deal) => {
  const key = crypto.randomUUID()
  const { order, text } = buy(token, deal, key) || {}
  if (!order || !buyAgain(token, deal, key, text) || !see(token, order, 'confirmed')) return
  const isCancelled = isToBeCancelled() && cancel(token, order, 'k6')
  if (isCancelled && !see(token, order, 'cancelled')) return
  findAmong(token, order, isCancelled ? 'cancelled' : 'confirmed')
}

export default ({ deal, tokens }) => {
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  if (lookAround(deal)) purchase(token, deal)
  think(0)
}

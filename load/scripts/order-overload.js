import { check } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import { bodyOf, call, checked } from './lib/call.js'
import { isOrderOf } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Overload: 500 buyers order units of the same deal in a closed loop without pauses. A request gets an
 * order, or 503 or 429 with Retry-After, or 504, after which the outcome is unknown. Any other response
 * and any missing response is an error. M8, H1.
 *
 *     k6 run -e EXPECT=M8=optimized load/scripts/order-overload.js
 *
 * `orders_won` is the goodput, `won_ms` its times; `orders_shed` are 503, `orders_limited` 429 (M4),
 * `orders_unknown` 504. At most as many units are sold as orders were won or unknown.
 */
const defaults = { vus: 500, duration: '30s', rate: 1_000 }

const own = optionsFor(defaults)

// Rejections under overload are not failures.
export const options = { ...own, thresholds: { checks: ['rate==1'] } }

const won = new Counter('orders_won')
const wonMs = new Trend('won_ms', true)
const others = {
  503: new Counter('orders_shed'),
  429: new Counter('orders_limited'),
  504: new Counter('orders_unknown'),
}
const otherMs = new Trend('refused_ms', true)

export const setup = () => {
  assertExpected()
  const deal = newDeal({ stock: numberOf('STOCK', 1_000_000) })
  return { deal, tokens: newTokens(Math.min(vusOf(defaults), numberOf('TOKENS', 20))) }
}

const statuses = [201, 503, 429, 504]

const tellsWhen = ({ status, headers }) => status === 504 || Number(headers['Retry-After']) >= 1

const isRefusal = (answer) => typeof bodyOf(answer)?.error === 'string'

export default ({ deal, tokens }) => {
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  const body = { items: [{ product_id: deal.product_id, deal_id: deal.id, quantity: 1 }] }
  const answer = call('POST', '/orders', { token, body, statuses })
  const { status, timings } = answer
  check(answer, { 'it is an order, a refusal or unknown': () => statuses.includes(status) })
  if (status === 201) {
    checked(answer, 'order', 201, isOrderOf(deal))
    won.add(1)
    wonMs.add(timings.duration)
  } else if (others[status]) {
    check(answer, {
      'refusal: tells when to come back': () => isRefusal(answer) && tellsWhen(answer),
    })
    others[status].add(1)
    otherMs.add(timings.duration)
  }
  think(0)
}

/** After the overload the system responds normally. */
export const teardown = ({ deal }) => {
  const answer = call('GET', `/products/deals/${deal.id}`, { name: '/products/deals/:id' })
  const isSound = ({ remaining_stock: left }) => left >= 0 && left <= deal.deal_stock
  checked(answer, 'deal afterwards', 200, isSound)
}

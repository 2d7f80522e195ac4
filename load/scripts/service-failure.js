import { check } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import { bodyOf, call, checked } from './lib/call.js'
import { isOrderOf } from './lib/orders.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Orders, which need product, and in turn the list of the user's orders, which does not, while product
 * fails. M5.
 *
 *     k6 run -e EXPECT=M5=optimized load/scripts/service-failure.js
 *
 * The script does not stop product. Do that by hand, with `make run` in another terminal:
 *
 *     product killed     kill -KILL $(lsof -ti tcp:8002 -sTCP:LISTEN)    (make run starts it again)
 *     product hanging    kill -STOP …; after a while kill -CONT …
 *     product +500 ms    PRODUCT_URLS=http://127.0.0.1:8012 make run, with toxiproxy between:
 *                        toxiproxy-cli create -l 127.0.0.1:8012 -u 127.0.0.1:8002 product
 *                        toxiproxy-cli toxic add -t latency -a latency=500 product
 *
 * Results: `http_req_duration{name:GET /orders}` does not change while product fails;
 * `order_unavailable_ms` is the time of the orders that were answered 503, a few milliseconds once
 * the breaker is open; `orders_won` before and after.
 */
export const options = {
  ...optionsFor({ vus: 50, duration: '90s', rate: 50 }),
  // 503 and 504 are expected while product fails; their format is checked.
  thresholds: { checks: ['rate==1'], 'http_req_duration{name:GET /orders?size}': ['max>=0'] },
}

const won = new Counter('orders_won')
const timedOut = new Counter('orders_timed_out')
const unavailable = new Trend('order_unavailable_ms', true)

export const setup = () => {
  assertExpected()
  return { deal: newDeal({ stock: 1_000_000 }), tokens: newTokens(numberOf('TOKENS', 20)) }
}

const codes = { 503: 'SERVICE_UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' }

const failsAsAgreed = (answer) =>
  bodyOf(answer)?.error === codes[answer.status] &&
  (answer.status === 504 || Number(answer.headers['Retry-After']) >= 1)

const order = (token, deal) => {
  const body = { items: [{ product_id: deal.product_id, deal_id: deal.id, quantity: 1 }] }
  const given = { token, body, key: crypto.randomUUID(), statuses: [201, 503, 504] }
  const answer = call('POST', '/orders', given)
  if (answer.status === 201) {
    if (checked(answer, 'order', 201, isOrderOf(deal))) won.add(1)
    return undefined
  }
  check(answer, { 'order: placed, 503 with Retry-After, or 504': failsAsAgreed })
  if (answer.status === 504) timedOut.add(1)
  else unavailable.add(answer.timings.duration)
  return undefined
}

const listOwn = (token) => {
  const answer = call('GET', '/orders?size=1', { token, name: '/orders?size' })
  checked(answer, 'own orders', 200, ({ items }) => items.length <= 1)
}

export default ({ deal, tokens }) => {
  const iteration = exec.scenario.iterationInTest
  const token = tokens[Math.floor(iteration / 2) % tokens.length]
  if (iteration % 2 === 0) order(token, deal)
  else listOwn(token)
  think(0.2)
}

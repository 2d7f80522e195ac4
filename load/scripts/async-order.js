import { check, sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import { bodyOf, call, checked } from './lib/call.js'
import { isOrderOf } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Buyers of one deal who wait for the outcome of their orders: three clocks, of what is accepted, of
 * what is confirmed, and from the click to the outcome that a buyer can see. H2.
 *
 *     k6 run -e EXPECT=H2=queue-first load/scripts/async-order.js
 *     k6 run -e EXPECT=H2=baseline load/scripts/async-order.js
 *
 * An order must be decided within OUTCOME seconds. An accepted order is always found, a rejected one has
 * a reason, a confirmed one has the price of the deal.
 */
const defaults = { vus: 50, duration: '15s', rate: 100 }

export const options = optionsFor(defaults, {})

const accepted = new Counter('orders_accepted')
const confirmed = new Counter('orders_confirmed')
const rejected = new Counter('orders_rejected')
const answerTime = new Trend('click_to_answer', true)
const outcomeTime = new Trend('click_to_outcome', true)

/** Seconds between two looks, and in which an order has to be decided. */
const pollS = 0.01
const outcomeS = numberOf('OUTCOME', 30)

export const setup = () => {
  assertExpected()
  const deal = newDeal({ stock: numberOf('STOCK', 1_000_000), limit: 0 })
  return { deal, tokens: newTokens(vusOf(defaults)) }
}

export default ({ deal, tokens }) => {
  const token = tokens[(exec.vu.idInTest - 1) % tokens.length]
  const begin = Date.now()
  const order = place(token, deal)
  if (order) {
    answerTime.add(Date.now() - begin)
    const status = outcomeOf(token, order, deal)
    outcomeTime.add(Date.now() - begin)
    count(status)
  }
  think(0)
}

const place = (token, deal) => {
  const body = { items: [{ product_id: deal.product_id, deal_id: deal.id, quantity: 1 }] }
  const key = crypto.randomUUID()
  const answer = call('POST', '/orders', { token, body, key, statuses: [201, 202, 400] })
  if (bodyOf(answer)?.error === 'INSUFFICIENT_STOCK') return undefined
  const isPlaced = answer.status === 202 ? isPending : isOrderOf(deal)
  const order = checked(answer, 'order', answer.status === 202 ? 202 : 201, isPlaced)
  if (order) accepted.add(1)
  if (order?.status === 'pending') {
    check(answer, {
      'accepted: Location leads to the order': ({ headers }) =>
        headers.Location === `/orders/${order.id}`,
    })
  }
  return order
}

const isPending = ({ id, status }) => id.length === 36 && status === 'pending'

/** What getOrder may show of an accepted order; confirmed or rejected, it is complete. */
const isOutcomeOf = (id, deal) => (order) => {
  if (order.id !== id) return false
  if (order.status === 'confirmed') return isOrderOf(deal)(order)
  return order.status === 'rejected' ? order.reject_reason !== null : order.status === 'pending'
}

/** An accepted order is never "not found", and it is decided in the end. */
const outcomeOf = (token, { id, status }, deal) => {
  const deadline = Date.now() + 1_000 * outcomeS
  let seen = status
  while (seen === 'pending' && Date.now() < deadline) {
    sleep(pollS)
    const answer = call('GET', `/orders/${id}`, { token, name: '/orders/:id' })
    const order = checked(answer, 'accepted order', 200, isOutcomeOf(id, deal))
    seen = order ? order.status : 'unreadable'
  }
  check(seen, { 'outcome: is decided in time': (each) => each !== 'pending' })
  return seen
}

const count = (status) => {
  if (status === 'confirmed') confirmed.add(1)
  if (status === 'rejected') rejected.add(1)
}

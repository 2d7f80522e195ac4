import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import { bodyOf, call, checked } from './lib/call.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Buyers of one deal who wait for the outcome of their orders: three clocks, of what is accepted, of
 * what is confirmed, and from the click to the outcome that a buyer can see. H2.
 *
 *     k6 run -e EXPECT=H2=queue-first load/scripts/async-order.js
 *     k6 run -e EXPECT=H2=baseline load/scripts/async-order.js
 */
const defaults = { vus: 50, duration: '15s', rate: 100 }

export const options = optionsFor(defaults, {})

const accepted = new Counter('orders_accepted')
const confirmed = new Counter('orders_confirmed')
const rejected = new Counter('orders_rejected')
const answerTime = new Trend('click_to_answer', true)
const outcomeTime = new Trend('click_to_outcome', true)

/** Seconds between two looks, and how many there are. */
const pollS = 0.01
const pollsMax = 3_000

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
    const status = outcomeOf(token, order)
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
  const status = answer.status === 202 ? 202 : 201
  const wanted = status === 202 ? 'pending' : 'confirmed'
  const isPlaced = (order) => order.id.length === 36 && order.status === wanted
  const order = checked(answer, 'order', status, isPlaced)
  if (order) accepted.add(1)
  return order
}

/** An order that was accepted is never "not found", and is decided in the end. */
const outcomeOf = (token, { id, status }) => {
  let seen = status
  for (let poll = 0; seen === 'pending' && poll < pollsMax; poll++) {
    sleep(pollS)
    const answer = call('GET', `/orders/${id}`, { token, name: '/orders/:id' })
    const order = checked(answer, 'accepted order', 200, (each) => each.id === id)
    seen = order ? order.status : 'unreadable'
  }
  return seen
}

const count = (status) => {
  if (status === 'confirmed') confirmed.add(1)
  if (status === 'rejected') rejected.add(1)
}

import { check } from 'k6'
import { Counter } from 'k6/metrics'
import { bodyOf, call, checked } from './call.js'

/** Requests of a buyer for orders, and their checks. */

const won = new Counter('orders_won')

/** Expected rejections of a valid order: not failures, but counted separately. */
const refusals = {
  INSUFFICIENT_STOCK: { refusal: 400, counter: new Counter('orders_sold_out') },
  PURCHASE_LIMIT_EXCEEDED: { refusal: 409, counter: new Counter('orders_refused') },
}

/** Whether an order is one unit of this deal. */
export const isOrderOf = (deal) => (order) =>
  order.id.length === 36 &&
  order.status === 'confirmed' &&
  order.total_amount === deal.deal_price &&
  order.items.length === 1 &&
  order.items[0].deal_id === deal.id &&
  order.items[0].unit_price === deal.deal_price

const place = (token, deal, key, statuses) => {
  const body = { items: [{ product_id: deal.product_id, deal_id: deal.id, quantity: 1 }] }
  return call('POST', '/orders', { token, body, key, statuses })
}

/** Orders one unit. Returns the order and its text, or undefined if it was rejected. */
export const buy = (token, deal, key) => {
  const answer = place(token, deal, key, [201, 400, 409])
  const { refusal, counter } = refusals[bodyOf(answer)?.error] || {}
  if (counter) {
    check(answer, { 'refusal: has its status': ({ status }) => status === refusal })
    counter.add(1)
    return undefined
  }
  const order = checked(answer, 'order', 201, isOrderOf(deal))
  if (order) won.add(1)
  return order && { order, text: answer.body }
}

const isOrderOfProducts = (products) => (order) =>
  order.id.length === 36 &&
  order.status === 'confirmed' &&
  order.total_amount === products.reduce((sum, { price }) => sum + price, 0) &&
  order.items.length === products.length &&
  order.items.every(({ product_id }, index) => product_id === products[index].id)

/** Orders one unit of each product, without a deal. */
export const buyProducts = (token, products) => {
  const body = { items: products.map(({ id }) => ({ product_id: id, quantity: 1 })) }
  const answer = call('POST', '/orders', { token, body })
  if (checked(answer, 'order of products', 201, isOrderOfProducts(products))) won.add(1)
}

/** Repeats a request: the response must be the same byte for byte. */
export const buyAgain = (token, deal, key, text) => {
  const answer = place(token, deal, key, [201])
  return checked(answer, 'same key', 201, () => answer.body === text)
}

/** Reads an order back. */
export const see = (token, order, status) => {
  const answer = call('GET', `/orders/${order.id}`, { token, name: '/orders/:id' })
  const isIt = (seen) =>
    seen.id === order.id && seen.status === status && seen.total_amount === order.total_amount
  return checked(answer, `order is ${status}`, 200, isIt)
}

export const cancel = (token, order, reason) => {
  const given = { token, body: { reason }, name: '/orders/:id/cancel' }
  const isCancelled = (seen) =>
    seen.id === order.id && seen.status === 'cancelled' && seen.cancel_reason === reason
  return checked(call('POST', `/orders/${order.id}/cancel`, given), 'cancel', 200, isCancelled)
}

/** Finds an order in the list by its status and its time. */
export const findAmong = (token, order, status) => {
  const { id, created_at: at } = order
  const query = `status=${status}&created_from=${at}&created_to=${at}`
  const answer = call('GET', `/orders?${query}`, { token, name: '/orders?status' })
  const isWanted = (each) => each.status === status && each.created_at === at
  const isFound = ({ items }) => items.some((each) => each.id === id) && items.every(isWanted)
  return checked(answer, 'orders by status and time', 200, isFound)
}

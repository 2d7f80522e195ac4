import exec from 'k6/execution'
import { call, checked, must } from './lib/call.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newProduct, newToken } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * BUYERS buyers list their orders, ORDERS each with three lines, all on one page. E4, M3.
 *
 *     k6 run -e EXPECT=E4=optimized,M3=optimized load/scripts/order-list.js
 */
const name = '/orders?size'

export const options = optionsFor({ vus: 20, duration: '30s', rate: 50 })

const buyers = numberOf('BUYERS', 5)
const orders = numberOf('ORDERS', 50)
const prices = [1_000, 2_000, 3_000]

const buyAll = (products) => {
  const token = newToken()
  const items = products.map(({ id }, index) => ({ product_id: id, quantity: index + 1 }))
  for (let made = 0; made < orders; made += 1)
    must(call('POST', '/orders', { token, body: { items } }), 201)
  return token
}

export const setup = () => {
  assertExpected()
  const owner = newToken()
  const products = prices.map((price) => newProduct(owner, { price, stock: 6 * buyers * orders }))
  return Array.from({ length: buyers }, () => buyAll(products))
}

const isLine = ({ unit_price, quantity, subtotal }, index) =>
  unit_price === prices[index] && quantity === index + 1 && subtotal === unit_price * quantity

const isOrder = ({ status, total_amount, items }) =>
  status === 'confirmed' &&
  items.length === prices.length &&
  items.every(isLine) &&
  total_amount === items.reduce((sum, { subtotal }) => sum + subtotal, 0)

const isNewestFirst = (items) =>
  items.every(({ created_at }, index) => index === 0 || created_at <= items[index - 1].created_at)

const isPage = ({ items, total }) =>
  total === orders &&
  new Set(items.map(({ id }) => id)).size === Math.min(orders, 100) &&
  items.every(isOrder) &&
  isNewestFirst(items)

export default (tokens) => {
  const token = tokens[exec.scenario.iterationInTest % tokens.length]
  const answer = call('GET', `/orders?size=${Math.min(orders, 100)}`, { token, name })
  checked(answer, 'orders', 200, isPage)
  think(0)
}

import { fail } from 'k6'
import http from 'k6/http'
import { call, must } from './call.js'
import { base } from './system.js'

/** What a run needs, made in `setup()` through the public API, so that any shop will do. */

export const newCredentials = () => ({
  email: `k6-${crypto.randomUUID()}@example.com`,
  password: crypto.randomUUID(),
})

/** A registered user's token; it is good for an hour. */
export const newToken = () => {
  const credentials = newCredentials()
  must(call('POST', '/auth/register', { body: { ...credentials, name: 'Buyer' } }), 201)
  return must(call('POST', '/auth/login', { body: credentials }), 200).access_token
}

export const newTokens = (count) => Array.from({ length: count }, newToken)

export const newProduct = (token, product) =>
  must(
    call('POST', '/products', { token, body: { name: 'Teapot', price: 1_000, ...product } }),
    201,
  )

/** Products until the list holds as many. One batch is under way at a time. */
export const fillList = (count) => {
  const missing = count - must(call('GET', '/products?size=1'), 200).total
  if (missing <= 0) return
  const token = newToken()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const one = (_, index) => {
    const product = { name: `Teapot ${index}`, price: 1_000 + index, stock: 100, category: 'home' }
    return ['POST', `${base}/products`, JSON.stringify(product), { headers }]
  }
  for (const answer of http.batch(Array.from({ length: missing }, one))) must(answer, 201)
}

const minutes = (count) => new Date(Date.now() + count * 60_000).toISOString()

/** A deal that is open for an hour, of a product of its own; all of the stock is in it. */
export const newDeal = ({ stock, limit }) => {
  const token = newToken()
  const product = newProduct(token, { stock })
  const window = { starts_at: minutes(-60), ends_at: minutes(60) }
  const body = { product_id: product.id, deal_price: 700, deal_stock: stock, ...window }
  if (limit) body.per_user_limit = limit
  const deal = must(call('POST', '/products/deals', { token, body }), 201)
  if (deal.status !== 'active') fail(`The deal is ${deal.status} right after it was opened.`)
  return deal
}

import { fail } from 'k6'
import http from 'k6/http'
import { call, must } from './call.js'
import { base } from './system.js'

/** Creates the data of a run in `setup()`, through the public API, so that it works on any system. */

export const newCredentials = () => ({
  email: `k6-${crypto.randomUUID()}@example.com`,
  password: crypto.randomUUID(),
})

/** The token of a new user; it is valid for an hour. */
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

/** A text of this many bytes with the compression ratio of prose. */
const prose = (bytes) => {
  const words = 'light quiet folding warm bright sturdy small woollen plain swift'.split(' ')
  let text = ''
  while (text.length < bytes)
    text += `${words[Math.floor(Math.random() * 10)]} ${Math.random().toString(36).slice(2, 6)} `
  return text.slice(0, bytes)
}

/** The number of missing products: all of them if the newest have shorter descriptions. */
const lackingOf = (count, bytes) => {
  const { items, total } = must(call('GET', '/products?size=1'), 200)
  const [{ description } = {}] = items
  return (description || '').length < bytes ? count : count - total
}

/**
 * Creates products until the list has this many, one batch at a time.
 *
 * @param bytes the length of the descriptions
 */
export const fillList = (count, bytes = 0) => {
  const missing = lackingOf(count, bytes)
  if (missing <= 0) return
  const token = newToken()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const one = (_, index) => {
    const product = { name: `Teapot ${index}`, price: 1_000 + index, stock: 100, category: 'home' }
    if (bytes > 0) product.description = prose(bytes)
    return ['POST', `${base}/products`, JSON.stringify(product), { headers }]
  }
  for (const answer of http.batch(Array.from({ length: missing }, one))) must(answer, 201)
}

const seconds = (count) => new Date(Date.now() + count * 1_000).toISOString()

/** A deal of a new product, with all of its stock, open for an hour. */
export const newDealIn = (opensInS, { stock, limit }) => {
  const token = newToken()
  const product = newProduct(token, { stock })
  const window = { starts_at: seconds(opensInS), ends_at: seconds(3_600) }
  const body = { product_id: product.id, deal_price: 700, deal_stock: stock, ...window }
  if (limit) body.per_user_limit = limit
  return must(call('POST', '/products/deals', { token, body }), 201)
}

/** A deal that has been open for an hour. */
export const newDeal = (given) => {
  const deal = newDealIn(-3_600, given)
  if (deal.status !== 'active') fail(`The deal is ${deal.status} right after it was opened.`)
  return deal
}

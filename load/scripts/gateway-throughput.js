import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Requests that cost the services very little, so that the gateway saturates first: the first page of
 * products, and the orders of users without orders. H5.
 *
 *     k6 run -e EXPECT=H5=optimized -e VUS=50 -e DURATION=30s load/scripts/gateway-throughput.js
 *     k6 run -e EXPECT=H5=optimized -e MODE=rate -e RATE=500 load/scripts/gateway-throughput.js
 */
const orders = '/orders?size'
const products = '/products?size'

export const options = optionsFor({ vus: 50, duration: '30s', rate: 200 })

const tokens = numberOf('TOKENS', 20)

export const setup = () => {
  assertExpected()
  return newTokens(tokens)
}

const isPage = ({ items, total }) => items.length <= 1 && total >= items.length

const isNone = ({ items, total }) => items.length === 0 && total === 0

const get = (path, name, options) => call('GET', path, { name, statuses: [200], ...options })

export default (known) => {
  const iteration = exec.scenario.iterationInTest
  const token = known[iteration % known.length]
  if (iteration % 2 === 0) checked(get('/products?size=1', products), 'products', 200, isPage)
  else checked(get('/orders?size=1', orders, { token }), 'own orders', 200, isNone)
  think(0)
}

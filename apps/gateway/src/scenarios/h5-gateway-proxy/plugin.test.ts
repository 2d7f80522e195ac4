import { witnessed } from '../../../test/fake-auth.ts'
import { eachProxy, startObliging, user } from '../../../test/gateway-alone.ts'

/** H5 by itself. Limits, failures and slow clients of both variants: upstreams, route-classes, slow-readers. */

const events = { baseline: 'proxied', optimized: 'dispatched' } as const

const token = { authorization: 'Bearer a-token' }

eachProxy(
  'a request reaches its service, and the counter of the variant shows it',
  async (t, proxy) => {
    const { app, url, product } = await startObliging(t, {}, proxy)
    const response = await fetch(`${url}/products?page=2`)
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-type'), 'application/json')
    t.same(await response.json(), { ok: true })
    t.equal(product.received[0]?.path, '/products?page=2')
    const shown = await witnessed(app, 'H5')
    t.ok(Number(shown[events[proxy.H5]]) > 0)
  },
)

eachProxy('a body arrives as it was sent, with the identity of the caller', async (t, proxy) => {
  const { url, order } = await startObliging(t, {}, proxy)
  const body = JSON.stringify({ items: [{ quantity: 1 }] })
  const headers = { ...token, 'content-type': 'application/json', 'x-user-id': 'forged' }
  const response = await fetch(`${url}/orders`, { method: 'POST', headers, body })
  t.equal(response.status, 200)
  const [received] = order.received
  t.equal(received?.body, body)
  t.equal(received?.headers['x-user-id'], user)
  t.equal(received?.headers.authorization, undefined)
})

eachProxy('unknown paths are 404, other methods 405 with Allow', async (t, proxy) => {
  const { url, product } = await startObliging(t, {}, proxy)
  t.equal((await fetch(`${url}/internal/reservations`, { method: 'POST' })).status, 404)
  const refused = await fetch(`${url}/products`, { method: 'DELETE' })
  t.equal(refused.status, 405)
  t.match(refused.headers.get('allow'), /GET/)
  t.equal(product.received.length, 0)
})

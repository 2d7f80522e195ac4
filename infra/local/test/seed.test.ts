import { once } from 'node:events'
import t, { type Test } from 'tap'
import { createClient } from '../api-client.ts'
import { seed } from '../seed.ts'
import { createShop } from './fixtures/shop.ts'

const openShop = async (test: Test) => {
  const { shop, server } = createShop()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as { port: number }
  return { shop, api: createClient(`http://127.0.0.1:${port}`) }
}

t.test('the demo has 200 products, a deal of each kind and two users', async (t) => {
  const { shop, api } = await openShop(t)
  const { activeDeal } = await seed(api)
  t.equal(new Set(shop.products.map(({ name }) => name)).size, 200)
  t.equal(new Set(shop.products.map(({ category }) => category)).size, 14)
  t.strictSame(shop.deals.map(({ status }) => status).sort(), ['active', 'active', 'scheduled'])
  t.equal(activeDeal.remaining_stock, 10_000)
  t.equal(shop.orders.length, 2)
  t.strictSame([...shop.users.keys()].sort(), ['alice@example.com', 'bob@example.com'])
})

t.test('seeding again changes nothing', async (t) => {
  const { shop, api } = await openShop(t)
  await seed(api)
  const { creates } = shop
  await seed(api)
  t.equal(shop.creates, creates)
})

for (const failAfter of [0, 100, 197, 199, 200, 202, 203, 204]) {
  t.test(`seeding that failed after ${failAfter} creates is completed`, async (t) => {
    const { shop, api } = await openShop(t)
    shop.failAfter = failAfter
    await t.rejects(seed(api), { message: /responded with 500/ })
    shop.failAfter = Number.POSITIVE_INFINITY
    await seed(api)
    t.strictSame([shop.products.length, shop.deals.length, shop.orders.length], [200, 3, 2])
  })
}

import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import { newProduct } from '../../../test/client.ts'
import { startSystem } from '../../../test/system.ts'

/** With all four services: what an owner does, and what a buyer does. */
for (const M9 of eachVariant('M9')) {
  t.test(
    `${M9}: owners see their changes immediately, and only the stock in a product may be old`,
    async (t) => {
      const system = await startSystem(t, { scenarios: { M9 } })
      const seller = await system.newUser()
      const product_id = await newProduct(seller, 50)
      const read = async (path: string) => (await system.anybody(`GET /products${path}`)).body
      const readers = async () => {
        for (let i = 0; i < 5; i++) await Promise.all([read(''), read(`/${product_id}`)])
      }

      for (let price = 1; price <= 10; price++) {
        const reading = readers()
        const changed = await seller.call(`PATCH /products/${product_id}`, { body: { price } })
        t.equal(changed.status, 200)
        t.equal((await read(`/${product_id}`)).price, price)
        t.equal((await read('?size=1')).items[0].price, price)
        await reading
        t.equal((await read(`/${product_id}`)).price, price, 'nothing older comes back')
      }
      await seller.call(`PATCH /products/${product_id}/stock`, { body: { delta: 7 } })
      t.equal((await read(`/${product_id}/stock`)).stock, 57)
      const newest = await newProduct(seller, 1)
      t.equal((await read('?size=1')).items[0].id, newest)

      const body = { items: [{ product_id, quantity: 1 }] }
      const buyer = await system.newUser()
      t.equal((await buyer.call('POST /orders', { body })).status, 201)
      t.equal((await read(`/${product_id}/stock`)).stock, 56, 'the stock itself is current')
      const soldAt = performance.now()
      for (let isSeen = false; !isSeen; ) {
        const askedAt = performance.now()
        isSeen = (await read(`/${product_id}`)).stock === 56
        t.ok(isSeen || askedAt - soldAt <= 1_000, 'the stock in a product is at most 1 s old')
      }
    },
  )
}

import { randomUUID } from 'node:crypto'
import { asUser } from '@flash-deal/testing'
import t from 'tap'
import {
  bought,
  brokenInvariants,
  buy,
  cancel,
  type OrderPage,
  offerDeal,
  openShop,
  settle,
} from './order-and-product.ts'

/** With few connections order is slower, but everything works. */

for (const E5 of ['1', 'optimized'] as const) {
  t.test(`${E5}: many users place, list and cancel orders concurrently`, async (t) => {
    const shop = await openShop(t, { scenarios: { E5 } })
    const deal = await offerDeal(shop, { deal_stock: 15 })
    const placed = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const user = randomUUID()
        const { statusCode } = await buy(shop.order, user, { items: [deal] }, randomUUID())
        const listed = await shop.order.inject({ url: '/orders', headers: asUser(user) })
        return { statusCode, total: listed.json<OrderPage>().total }
      }),
    )
    const won = placed.filter(({ statusCode }) => statusCode === 201)
    t.equal(won.length, 15)
    for (const { statusCode, total } of placed) t.equal(total, statusCode === 201 ? 1 : 0)
    const user = randomUUID()
    const other = await bought(shop, user, { items: [await offerDeal(shop)] })
    t.equal((await cancel(shop.order, user, other.id)).statusCode, 200)
    await settle(shop)
    t.strictSame(await brokenInvariants(shop), [])
  })
}

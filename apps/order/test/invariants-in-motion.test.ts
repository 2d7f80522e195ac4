import { randomUUID } from 'node:crypto'
import t from 'tap'
import { losesTheAnswer } from './forwarder.ts'
import {
  brokenInvariants,
  buy,
  cancel,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  restock,
  settle,
  units,
} from './order-and-product.ts'

/** The checker may run at any time: work in progress does not violate an invariant. */

// With sweeps: a hold whose release was lost or rejected must end within one sweep after its
// expiry.
const shop = await openShop(t, {
  order: { RELAY_INTERVAL_MS: '20' },
  product: { SWEEP_INTERVAL_MS: '100' },
})

/** Buys, cancels every second order, and sometimes loses a response. */
const shopper = async (body: object): Promise<void> => {
  const user = randomUUID()
  for (let turn = 0; turn < 10; turn += 1) {
    const answer = await buy(shop.order, user, body, `cart-${turn}`)
    const { id } = answer.json<Partial<Order>>()
    if (id !== undefined && turn % 2 === 0) await cancel(shop.order, user, id)
  }
}

t.test('every invariant holds at any time while forty users order and cancel', async (t) => {
  const deal = await offerDeal(shop, { deal_stock: 100, per_user_limit: 3 })
  const product = await offerProduct(shop, { stock: 50 })
  let call = 0
  shop.toProduct.on('reservations', (forward) => {
    call += 1
    return call % 7 === 0 ? losesTheAnswer(forward) : forward()
  })
  let isOver = false
  const shopping = Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      shopper(index % 2 === 0 ? { items: [deal] } : units(product)),
    ),
  ).finally(() => {
    isOver = true
  })
  let looks = 0
  for (; !isOver; looks += 1) {
    t.strictSame(await brokenInvariants(shop, { atRest: false }), [])
    await restock(shop, product, looks % 2 === 0 ? 1 : -1)
  }
  await shopping
  t.ok(looks > 3, `${looks} looks`)
})

t.test('afterwards every invariant holds', async (t) => {
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

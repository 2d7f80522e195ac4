import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { eachVariant } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import {
  bought,
  buy,
  cancel,
  lastReservedId,
  type Order,
  offerProduct,
  openShop,
  orderBeside,
  read,
  reservationOf,
  restock,
  type Shop,
  statusOf,
  units,
} from '../../../test/order-and-product.ts'
import { refusedWith } from '../../../test/refused.ts'

const shop = await openShop(t)

const withVariant = async (t: Test, E1: VariantOf<'E1'>): Promise<Shop> => ({
  ...shop,
  order: await orderBeside(t, shop, {}, { E1 }),
})

const versions = { baseline: '4', optimized: '7' } satisfies Record<VariantOf<'E1'>, string>

/** The version and variant bits of RFC 9562. */
const isOf = (variant: VariantOf<'E1'>) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${versions[variant]}[0-9a-f]{3}-[89ab][0-9a-f]{3}-`)

for (const variant of eachVariant('E1')) {
  t.test(`${variant}: an order has one id of its version, in both services`, async (t) => {
    const own = await withVariant(t, variant)
    const { id } = await bought(own, randomUUID(), units(await offerProduct(shop)))
    t.match(id, isOf(variant))
    t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['confirmed', 'held'])
  })

  t.test(`${variant}: an order is read and cancelled under an id of either version`, async (t) => {
    const own = await withVariant(t, variant)
    const user = randomUUID()
    const product = await offerProduct(shop)
    for (const order of [
      await bought(shop, user, units(product)),
      await bought(own, user, units(product)),
    ]) {
      t.strictSame((await read(own.order, user, order.id)).json<Order>(), order)
      t.equal((await cancel(own.order, user, order.id)).statusCode, 200)
    }
  })

  t.test(`${variant}: the id that replaces a void one has the same version`, async (t) => {
    const own = await withVariant(t, variant)
    const user = randomUUID()
    const product = await offerProduct(shop, { stock: 0 })
    const first = await buy(own.order, user, units(product), 'a key')
    refusedWith(t, first, 400, 'INSUFFICIENT_STOCK')
    const voided = lastReservedId(shop)
    await restock(shop, product, 1)
    const second = await buy(own.order, user, units(product), 'a key')
    const { id } = second.json<Order>()
    t.not(id, voided)
    for (const each of [voided, id]) t.match(each, isOf(variant))
  })

  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const own = await withVariant(t, variant)
    await bought(own, randomUUID(), units(await offerProduct(shop)))
    const name = `version_${versions[variant]}`
    const line = `scenario_witness_total{scenario="E1",event="${name}"} 1`
    t.match(await own.order.metrics.metrics(), line)
  })
}

t.test('optimized: a later order has the greater id', async (t) => {
  const own = await withVariant(t, 'optimized')
  const product = await offerProduct(shop)
  const ids: string[] = []
  for (let n = 0; n < 10; n += 1) ids.push((await bought(own, randomUUID(), units(product))).id)
  t.strictSame(ids.toSorted(), ids)
})

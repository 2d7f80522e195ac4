import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { Held, losesTheAnswer, refuses } from './forwarder.ts'
import {
  bought,
  brokenInvariants,
  buy,
  cancel,
  lastReservedId,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  read,
  remainingOf,
  reservationOf,
  reservedIds,
  restock,
  settle,
  statusOf,
  stockOf,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

/** Both ways of storing an order. */
for (const M8 of ['baseline', 'optimized'] as const) {
  t.test(`with M8 ${M8}`, async (t) => {
    const shortLease = { CLAIM_LEASE_MS: '200' }
    const shop = await openShop(t, { order: shortLease, scenarios: { M1: M8, M7: M8, M8 } })
    t.beforeEach(() => shop.toProduct.heal())

    const ordersOf = async (userId: string): Promise<number> => {
      const [row] = await shop.sql<{ orders: number }[]>`
    select count(*)::int as orders from orders.orders where user_id = ${userId}`
      return row?.orders ?? 0
    }

    t.test('the same key and body get the stored response byte for byte', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop, { stock: 5 })
      const first = await buy(shop.order, user, units(product), 'cart-1')
      t.equal(first.statusCode, 201)
      const again = await buy(shop.order, user, units(product), 'cart-1')
      t.strictSame([again.statusCode, again.body], [201, first.body])
      t.equal(again.headers['content-type'], first.headers['content-type'])
      t.equal(await stockOf(shop, product), 4, 'and takes no stock')
      t.equal(reservedIds(shop).length, 1, 'product is not called again')
    })

    t.test('the stored response stays the same after the order was cancelled', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop, { stock: 5 })
      const first = await buy(shop.order, user, units(product), 'cart-1')
      t.equal((await cancel(shop.order, user, first.json<Order>().id)).statusCode, 200)
      const again = await buy(shop.order, user, units(product), 'cart-1')
      t.strictSame([again.statusCode, again.body], [201, first.body])
      t.equal(await stockOf(shop, product), 5, 'and nothing is bought')
    })

    t.test('equivalent bodies with different formatting are the same', async (t) => {
      const { product_id, deal_id, quantity } = await offerDeal(shop)
      const address = { phone: '01012345678', address: 'Seoul', postal_code: '04524' }
      const body = {
        items: [{ product_id, deal_id, quantity }],
        shipping_address: { recipient_name: 'Mina', ...address },
      }
      const others = [
        {
          shipping_address: { ...address, recipient_name: 'Mina' },
          items: [{ quantity, deal_id, product_id }],
        },
        { ...body, shipping_address: { ...body.shipping_address, address_detail: null } },
        { ...body, items: [{ product_id: product_id.toUpperCase(), deal_id, quantity }] },
        { ...body, items: [{ product_id, deal_id: deal_id.toUpperCase(), quantity }] },
      ]
      const user = randomUUID()
      const first = await buy(shop.order, user, body, 'cart-1')
      t.equal(first.statusCode, 201)
      for (const other of others) {
        const again = await buy(shop.order, user, other, 'cart-1')
        t.strictSame([again.statusCode, again.body], [201, first.body])
      }
      t.equal(await remainingOf(shop, deal_id), 9)
    })

    t.test('a line without deal_id equals one with deal_id null', async (t) => {
      const user = randomUUID()
      const product_id = await offerProduct(shop)
      const first = await buy(shop.order, user, units(product_id), 'cart-1')
      const items = [{ product_id, deal_id: null, quantity: 1 }]
      const again = await buy(shop.order, user, { items, shipping_address: null }, 'cart-1')
      t.strictSame([again.statusCode, again.body], [201, first.body])
    })

    t.test('another body under the same key is rejected and changes nothing', async (t) => {
      const user = randomUUID()
      const [product, other] = [await offerProduct(shop), await offerProduct(shop)]
      const address = {
        recipient_name: 'A',
        phone: '01012345678',
        address: 'B',
        postal_code: '04524',
      }
      const bodies = [
        units(product, 2),
        units(other),
        { items: [...units(product).items, ...units(other).items] },
        { ...units(product), shipping_address: address },
      ]
      await buy(shop.order, user, units(product), 'cart-1')
      for (const body of bodies) {
        refusedWith(t, await buy(shop.order, user, body, 'cart-1'), 422, 'IDEMPOTENCY_MISMATCH')
      }
      t.strictSame([await stockOf(shop, product), await stockOf(shop, other)], [9, 10])
      t.equal(await ordersOf(user), 1)
    })

    t.test('two users can use the same key, and one user several', async (t) => {
      const users = [randomUUID(), randomUUID()]
      const product = await offerProduct(shop)
      const ids = new Set<string>()
      for (const user of users) {
        for (const key of ['cart-1', 'cart-2', 'CART-1']) {
          const answer = await buy(shop.order, user, units(product), key)
          t.strictSame([answer.statusCode, answer.json<Order>().user_id], [201, user])
          ids.add(answer.json<Order>().id)
        }
      }
      t.equal(ids.size, 6)
      t.equal(await stockOf(shop, product), 4)
    })

    t.test('each request without a key is a separate order', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop)
      const [one, two] = [
        await bought(shop, user, units(product)),
        await bought(shop, user, units(product)),
      ]
      t.not(one.id, two.id)
      t.equal(await stockOf(shop, product), 8)
    })

    t.test(
      'thirty concurrent requests with one key, at two instances, create one order',
      async (t) => {
        const user = randomUUID()
        const product = await offerProduct(shop, { stock: 40 })
        const instances = [shop.order, await orderBeside(t, shop)]
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            buy(instances[index % 2] ?? shop.order, user, units(product), 'cart-1'),
          ),
        )
        const created = answers.filter((answer) => answer.statusCode === 201)
        const refused = answers.filter((answer) => answer.statusCode !== 201)
        t.equal(new Set(created.map((answer) => answer.body)).size, 1, 'all 201 are the same order')
        for (const answer of refused) refusedWith(t, answer, 409, 'IDEMPOTENCY_IN_PROGRESS')
        t.equal(await stockOf(shop, product), 39)
        t.equal(await ordersOf(user), 1)
      },
    )

    t.test('during an attempt its key is rejected, with another body too', async (t) => {
      const user = randomUUID()
      const patient = await orderBeside(t, shop, { CLAIM_LEASE_MS: '60000' })
      const product = await offerProduct(shop)
      const held = new Held()
      shop.toProduct.once('reservations', held.answer)
      const first = buy(patient, user, units(product), 'cart-1')
      await held.reached
      const second = await buy(patient, user, units(product), 'cart-1')
      refusedWith(t, second, 409, 'IDEMPOTENCY_IN_PROGRESS')
      const other = await buy(patient, user, units(product, 2), 'cart-1')
      refusedWith(t, other, 422, 'IDEMPOTENCY_MISMATCH')
      held.letGo()
      t.equal((await first).statusCode, 201)
      t.equal((await buy(patient, user, units(product), 'cart-1')).body, (await first).body)
    })

    t.test(
      'after a rejection the same key can be retried, and buys when stock is available',
      async (t) => {
        const user = randomUUID()
        const patient = await orderBeside(t, shop, { CLAIM_LEASE_MS: '60000' })
        const product = await offerProduct(shop, { stock: 0 })
        for (const _ of [1, 2]) {
          const answer = await buy(patient, user, units(product), 'cart-1')
          refusedWith(t, answer, 400, 'INSUFFICIENT_STOCK')
        }
        await restock(shop, product, 1)
        const answer = await buy(patient, user, units(product), 'cart-1')
        t.equal(answer.statusCode, 201)
        t.equal((await buy(patient, user, units(product), 'cart-1')).body, answer.body)
        t.equal(new Set(reservedIds(shop)).size, 3, 'each attempt has a separate order id')
        t.strictSame([await stockOf(shop, product), await ordersOf(user)], [0, 1])
      },
    )

    t.test('after a rejected attempt the key still requires the same body', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop, { stock: 0 })
      await buy(shop.order, user, units(product), 'cart-1')
      const other = await buy(shop.order, user, units(product, 2), 'cart-1')
      refusedWith(t, other, 422, 'IDEMPOTENCY_MISMATCH')
    })

    /** The response after the lease of the previous attempt. */
    const afterTheLease = async (user: string, body: object) => {
      let answer = await buy(shop.order, user, body, 'cart-1')
      await until(async () => {
        if (answer.json<{ error?: string }>().error !== 'IDEMPOTENCY_IN_PROGRESS') return true
        answer = await buy(shop.order, user, body, 'cart-1')
        return false
      })
      return answer
    }

    t.test(
      'after a crash a retry takes over with the same order id, even with a limit of one',
      async (t) => {
        const user = randomUUID()
        const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 1 })
        const crashed = await orderBeside(t, shop, shortLease)
        const held = new Held()
        shop.toProduct.once('reservations', held.answer)
        const lost = buy(crashed, user, { items: [deal] }, 'cart-1')
        await held.reached
        const retried = await afterTheLease(user, { items: [deal] })
        t.equal(retried.statusCode, 201)
        t.equal(new Set(reservedIds(shop)).size, 1, 'product is called with one id')
        t.equal(reservedIds(shop).length, 2)
        t.equal(await remainingOf(shop, deal.deal_id), 4)

        held.letGo()
        const late = await lost
        t.strictSame([late.statusCode, late.body], [201, retried.body], 'the paused one may resume')
        t.equal(shop.toProduct.calls('release').length, 0, 'and releases nothing')
        t.equal(await ordersOf(user), 1)
        t.equal(await remainingOf(shop, deal.deal_id), 4)
      },
    )

    t.test('two concurrent takeovers create one order', async (t) => {
      const user = randomUUID()
      const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 1 })
      const held = new Held()
      shop.toProduct.once('reservations', held.answer)
      const lost = buy(await orderBeside(t, shop, shortLease), user, { items: [deal] }, 'cart-1')
      await held.reached
      const retries = await Promise.all(
        Array.from({ length: 5 }, () => afterTheLease(user, { items: [deal] })),
      )
      held.letGo()
      const bodies = new Set([await lost, ...retries].map((answer) => answer.body))
      t.equal(bodies.size, 1)
      t.strictSame([await ordersOf(user), await remainingOf(shop, deal.deal_id)], [1, 4])
    })

    t.test('a void id is replaced only when product has acknowledged its release', async (t) => {
      const user = randomUUID()
      const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 1 })
      shop.toProduct.once('reservations', losesTheAnswer)
      shop.toProduct.on('release', refuses)
      const first = await buy(shop.order, user, { items: [deal] }, 'cart-1')
      refusedWith(t, first, 503, 'SERVICE_UNAVAILABLE')
      const old = lastReservedId(shop)
      t.strictSame([await statusOf(shop, old), await reservationOf(shop, old)], ['void', 'held'])

      const blocked = await afterTheLease(user, { items: [deal] })
      refusedWith(t, blocked, 503, 'SERVICE_UNAVAILABLE')
      t.strictSame(reservedIds(shop), [old], 'product is not called with another id')

      shop.toProduct.on('release', (forward) => forward())
      const retried = await afterTheLease(user, { items: [deal] })
      t.equal(retried.statusCode, 201, 'the limit is free again')
      t.strictSame(reservedIds(shop), [old, retried.json<Order>().id])
      t.not(retried.json<Order>().id, old)
      t.equal(await reservationOf(shop, old), 'released')
      t.strictSame([await ordersOf(user), await remainingOf(shop, deal.deal_id)], [1, 4])
    })

    t.test('two concurrent replacements of a void id create one order', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop)
      shop.toProduct.once('reservations', losesTheAnswer)
      shop.toProduct.once('release', refuses)
      const first = await buy(shop.order, user, units(product), 'cart-1')
      refusedWith(t, first, 503, 'SERVICE_UNAVAILABLE')
      const old = lastReservedId(shop)
      await shop.sql`update orders.claims set lease_until = now() where order_id = ${old}`
      const held = new Held()
      shop.toProduct.on('release', held.request)
      const retries = [1, 2].map(() => buy(shop.order, user, units(product), 'cart-1'))
      await until(async () => shop.toProduct.calls('release').length === 3)
      held.letGo()
      const statuses = (await Promise.all(retries)).map((answer) => answer.statusCode)
      t.strictSame(statuses.sort(), [201, 409], 'both had read the same void id, one took it over')
      t.strictSame([await ordersOf(user), await stockOf(shop, product)], [1, 9])
    })

    t.test('a retry finds the order of an attempt that crashed after its commit', async (t) => {
      const user = randomUUID()
      const product = await offerProduct(shop)
      const first = await buy(shop.order, user, units(product), 'cart-1')
      const { id } = first.json<Order>()
      await shop.sql`update orders.claims set answer = null, lease_until = now() where order_id = ${id}`
      const again = await buy(shop.order, user, units(product), 'cart-1')
      t.strictSame([again.statusCode, again.body], [201, first.body])
      t.equal(await stockOf(shop, product), 9)
      t.equal((await read(shop.order, user, id)).body, first.body)
    })

    t.test('afterwards every invariant holds', async (t) => {
      await settle(shop)
      t.strictSame(await brokenInvariants(shop), [])
    })
  })
}

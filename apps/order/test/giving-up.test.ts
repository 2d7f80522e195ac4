import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { answersNonsense, fails, Held, losesTheAnswer, refuses } from './forwarder.ts'
import {
  brokenInvariants,
  buy,
  callAsService,
  lastReservedId,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  read,
  remainingOf,
  reservationOf,
  reserve,
  settle,
  statusOf,
  stockOf,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

/** Both ways of storing an order. */
for (const M8 of ['baseline', 'optimized'] as const) {
  t.test(`with M8 ${M8}`, async (t) => {
    /** An order that fails after the reservation becomes void, then its stock is released. */

    const shop = await openShop(t, {
      product: { RESERVATION_TTL_MS: '100' },
      scenarios: { M1: M8, M7: M8, M8 },
    })
    const hasty = await orderBeside(t, shop, { DEADLINE_MS: '250' })
    t.beforeEach(() => shop.toProduct.heal())

    const user = randomUUID()

    t.test(
      'after a timeout of product the order is compensated, and its stock returned',
      async (t) => {
        const deal = await offerDeal(shop, { deal_stock: 3, per_user_limit: 1 })
        const held = new Held()
        shop.toProduct.once('reservations', held.answer)
        refusedWith(t, await buy(hasty, user, { items: [deal] }), 504, 'DEADLINE_EXCEEDED')
        const id = lastReservedId(shop)
        t.equal(await statusOf(shop, id), 'void')
        t.equal(await reservationOf(shop, id), 'released')
        t.equal(await remainingOf(shop, deal.deal_id), 3)
        refusedWith(t, await read(shop.order, user, id), 404, 'NOT_FOUND')
        held.letGo()
        t.equal(
          (await buy(shop.order, user, { items: [deal] })).statusCode,
          201,
          'the limit is free',
        )
      },
    )

    const failures = [
      { how: 'refuses the connection', manner: refuses, reached: false },
      { how: 'responds with an error', manner: fails, reached: false },
      { how: 'reserves the stock and the response is lost', manner: losesTheAnswer, reached: true },
      { how: 'reserves it and responds with nonsense', manner: answersNonsense, reached: true },
    ]

    for (const { how, manner, reached } of failures) {
      t.test(`if product ${how}, the id is void and the stock is returned`, async (t) => {
        const product = await offerProduct(shop)
        shop.toProduct.once('reservations', manner)
        refusedWith(t, await buy(shop.order, user, units(product, 3)), 503, 'SERVICE_UNAVAILABLE')
        const [asked] = shop.toProduct.calls('reservations')
        t.equal(asked?.answer?.status, reached ? 200 : undefined)
        const id = lastReservedId(shop)
        t.strictSame(
          [await statusOf(shop, id), await reservationOf(shop, id)],
          ['void', 'released'],
        )
        t.equal(await stockOf(shop, product), 10)
      })
    }

    t.test('an id is void before its stock is released', async (t) => {
      const product = await offerProduct(shop)
      const held = new Held()
      shop.toProduct.once('reservations', losesTheAnswer)
      shop.toProduct.once('release', held.request)
      const attempt = buy(shop.order, user, units(product))
      await held.reached
      const id = lastReservedId(shop)
      t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['void', 'held'])
      held.letGo()
      refusedWith(t, await attempt, 503, 'SERVICE_UNAVAILABLE')
      t.equal(await stockOf(shop, product), 10)
    })

    for (const { how, manner } of [
      { how: 'refused', manner: refuses },
      { how: 'answered with an error', manner: fails },
    ]) {
      t.test(`a release that is ${how} is settled by the sweep`, async (t) => {
        const product = await offerProduct(shop)
        shop.toProduct.once('reservations', losesTheAnswer)
        shop.toProduct.once('release', manner)
        refusedWith(t, await buy(shop.order, user, units(product)), 503, 'SERVICE_UNAVAILABLE')
        const id = lastReservedId(shop)
        t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['void', 'held'])
        t.equal(await stockOf(shop, product), 9)
        await until(async () => {
          await shop.product.sweep()
          return (await reservationOf(shop, id)) === 'released'
        })
        t.equal(await stockOf(shop, product), 10)
      })
    }

    t.test('a release whose response is lost returns the stock once', async (t) => {
      const product = await offerProduct(shop)
      shop.toProduct.once('reservations', losesTheAnswer)
      shop.toProduct.once('release', losesTheAnswer)
      await buy(shop.order, user, units(product))
      const id = lastReservedId(shop)
      for (const _ of [1, 2]) {
        const answer = await callAsService(shop.product, `/internal/reservations/${id}/release`)
        t.strictSame(answer.json(), { order_id: id, state: 'released' })
      }
      t.equal(await stockOf(shop, product), 10)
    })

    t.test(
      'an id that became void during the call to product never becomes an order',
      async (t) => {
        const product = await offerProduct(shop)
        const held = new Held()
        shop.toProduct.once('reservations', held.answer)
        const attempt = buy(shop.order, user, units(product), 'cart-void')
        await held.reached
        const id = lastReservedId(shop)
        const resolved = await callAsService(shop.order, '/internal/orders/resolve', {
          order_ids: [id],
        })
        t.strictSame(resolved.json(), { results: [{ order_id: id, outcome: 'void' }] })
        held.letGo()
        refusedWith(t, await attempt, 409, 'IDEMPOTENCY_IN_PROGRESS')
        t.strictSame(
          [await statusOf(shop, id), await reservationOf(shop, id)],
          ['void', 'released'],
        )
        refusedWith(t, await read(shop.order, user, id), 404, 'NOT_FOUND')
        t.equal(await stockOf(shop, product), 10)
        const items = await shop.sql`select from orders.order_items where order_id = ${id}`
        const events = await shop.sql`select from orders.outbox where order_id = ${id}`
        t.strictSame([items.length, events.length], [0, 0], 'nothing of it was stored')
      },
    )

    t.test(
      'an id that the sweep made void during the call to product never becomes an order',
      async (t) => {
        const deal = await offerDeal(shop, { deal_stock: 1, per_user_limit: 1 })
        const held = new Held()
        shop.toProduct.once('reservations', held.answer)
        const attempt = buy(shop.order, user, { items: [deal] })
        await held.reached
        const id = lastReservedId(shop)
        await until(async () => {
          await shop.product.sweep()
          return (await reservationOf(shop, id)) === 'released'
        })
        const other = await buy(shop.order, randomUUID(), { items: [deal] })
        t.equal(other.statusCode, 201, 'the last unit is sold to another buyer')
        held.letGo()
        t.equal((await attempt).statusCode, 503)
        t.equal(await remainingOf(shop, deal.deal_id), 0, 'and is not given back')
      },
    )

    t.test('a reservation that arrives after its release is rejected', async (t) => {
      const product = await offerProduct(shop)
      const held = new Held()
      shop.toProduct.once('reservations', held.request)
      refusedWith(t, await buy(hasty, user, units(product)), 504, 'DEADLINE_EXCEEDED')
      const id = lastReservedId(shop)
      t.equal(await reservationOf(shop, id), 'released')
      const late = await reserve(shop.product, id, product)
      t.match(late.json(), { results: [{ outcome: 'refused', reason: 'RESERVATION_RELEASED' }] })
      held.letGo()
      await until(async () => shop.toProduct.calls('reservations')[0]?.answer !== undefined)
      t.match(shop.toProduct.calls('reservations')[0]?.answer?.body, /RESERVATION_RELEASED/)
      t.equal(await stockOf(shop, product), 10)
    })

    t.test('a rejection leaves no stock held, with a key or without', async (t) => {
      const product = await offerProduct(shop, { stock: 2 })
      for (const key of [undefined, 'cart-short']) {
        refusedWith(
          t,
          await buy(shop.order, user, units(product, 3), key),
          400,
          'INSUFFICIENT_STOCK',
        )
        t.not(await reservationOf(shop, lastReservedId(shop)), 'held')
      }
      t.equal(await statusOf(shop, lastReservedId(shop)), 'void', 'with a key the id is void')
      t.equal(await stockOf(shop, product), 2)
    })

    /** Makes the commit of every order fail, as if the server crashed during it. */
    const breakCommits = async () => {
      await shop.sql`create function orders.break_commit() returns trigger language plpgsql as
    $$ begin raise exception 'no commit' using errcode = '53100'; end $$`
      await shop.sql`create constraint trigger break_commit after insert on orders.orders
    deferrable initially deferred for each row when (new.status = 'confirmed')
    execute function orders.break_commit()`
    }

    t.test(
      'the response is sent after the commit, and the stock is returned if that fails',
      async (t) => {
        const product = await offerProduct(shop)
        await breakCommits()
        const answer = await buy(shop.order, user, units(product), 'cart-commit')
        await shop.sql`drop function orders.break_commit cascade`
        refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE')
        const id = lastReservedId(shop)
        t.strictSame(
          [await statusOf(shop, id), await reservationOf(shop, id)],
          ['void', 'released'],
        )
        t.equal(await stockOf(shop, product), 10)
        t.equal((await buy(shop.order, user, units(product), 'cart-commit')).statusCode, 201)
      },
    )

    t.test('if void cannot be stored nothing is released, and the sweep settles it', async (t) => {
      const product = await offerProduct(shop)
      const held = new Held()
      shop.toProduct.once('reservations', held.answer)
      const attempt = buy(shop.order, user, units(product))
      await held.reached
      await shop.sql`revoke insert on orders.orders from order_service`
      held.letGo()
      refusedWith(t, await attempt, 500, 'INTERNAL_ERROR')
      const id = lastReservedId(shop)
      t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], [undefined, 'held'])
      t.equal(shop.toProduct.calls('release').length, 0)

      await shop.sql`grant insert on orders.orders to order_service`
      await until(async () => {
        await shop.product.sweep()
        return (await reservationOf(shop, id)) === 'released'
      })
      t.equal(await statusOf(shop, id), 'void')
      t.equal(await stockOf(shop, product), 10)
    })

    t.test('randomly lost responses of thirty buyers leave no unit held', async (t) => {
      const deal = await offerDeal(shop, { deal_stock: 20, per_user_limit: 1 })
      let call = 0
      shop.toProduct.on('reservations', (forward) => {
        call += 1
        return call % 3 === 0 ? losesTheAnswer(forward) : forward()
      })
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => buy(shop.order, randomUUID(), { items: [deal] })),
      )
      const placed = answers.filter((answer) => answer.statusCode === 201).length
      await settle(shop)
      t.equal(await remainingOf(shop, deal.deal_id), 20 - placed)
    })

    t.test('afterwards every invariant holds', async (t) => {
      await settle(shop)
      t.strictSame(await brokenInvariants(shop), [])
    })
  })
}

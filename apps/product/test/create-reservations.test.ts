import { randomUUID } from 'node:crypto'
import { assertRefused, eachVariant, purchaseFlags } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { adminOf, deadlocksIn, endWindow, lockRow, unaccounted, untilWaiting } from './admin.ts'
import {
  buildProduct,
  callAs,
  confirm,
  hold,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  postReservations,
  type ReservationRequest,
  type Result,
  release,
  remainingOf,
  reserve,
  reserveBatch,
  stockOf,
  tally,
  time,
  together,
  unitsOf,
} from './client.ts'
import { rejectsBodies, rejectsWithoutKey } from './refusals.ts'

const outcomes = (results: readonly Result[]) => tally(results.map(({ outcome }) => outcome))

const bad = (given: object) => ({ reservations: [{ ...orderOf(), lines: [given] }] })
const line = { product_id: randomUUID(), deal_id: null, quantity: 1 }
const refused = {
  'an empty batch': [{ reservations: [] }, 'reservations'],
  'a batch of 101': [{ reservations: Array(101).fill(orderOf(line)) }, 'reservations'],
  'an order without lines': [{ reservations: [orderOf()] }, 'reservations.0.lines'],
  'an order of 11 lines': [
    { reservations: [orderOf(...Array(11).fill(line))] },
    'reservations.0.lines',
  ],
  'a quantity of 0': [bad({ ...line, quantity: 0 }), 'reservations.0.lines.0.quantity'],
  'a quantity of 11': [bad({ ...line, quantity: 11 }), 'reservations.0.lines.0.quantity'],
  'a line that does not say whether it has a deal': [
    bad({ product_id: randomUUID(), quantity: 1 }),
    'reservations.0.lines.0.deal_id',
  ],
  'a line that names a price': [
    bad({ ...line, unit_price: 1 }),
    'reservations.0.lines.0.unit_price',
  ],
  'a malformed order id': [
    { reservations: [{ ...orderOf(line), order_id: '1' }] },
    'reservations.0.order_id',
  ],
  'an undeclared field': [{ reservations: [orderOf(line)], extra: 1 }, 'extra'],
} as const

const url = '/internal/reservations'

for (const variant of eachVariant('M1')) {
  t.test(variant, async (t) => {
    const scenarios = purchaseFlags(variant)
    const { app, database } = await openShop(t, { scenarios })
    const sql = adminOf(t, database)

    /** The state that a rejected order must not change. */
    const traces = async ({ order_id, user_id }: ReservationRequest): Promise<number> => {
      const rows = await sql`
        select order_id from reservations where order_id = ${order_id}
        union all select order_id from reservation_lines where order_id = ${order_id}
        union all select deal_id from deal_buyers where user_id = ${user_id}`
      return rows.length
    }

    const assertNotGranted = async (
      t: Test,
      request: ReservationRequest,
      reason: string,
      details: object,
    ): Promise<void> => {
      const { message, ...result } = await reserve(app, request)
      const { order_id } = request
      t.strictSame(result, { order_id, outcome: 'refused', reason, details })
      t.type(message, 'string')
      t.equal(await traces(request), 0, 'it leaves no trace')
    }

    t.test('a granted line has the current name and price', async (t) => {
      const product = await offerProduct(app)
      const deal = await offerDeal(app)
      const request = orderOf(unitsOf(product, 3), unitsOf(deal, 2))
      const before = Date.now()
      const { expires_at = '', ...result } = await reserve(app, request)
      t.strictSame(result, {
        order_id: request.order_id,
        outcome: 'granted',
        lines: [
          { ...unitsOf(product, 3), product_name: product.name, unit_price: product.price },
          { ...unitsOf(deal, 2), product_name: deal.product.name, unit_price: deal.deal_price },
        ],
      })
      t.match(expires_at, time)
      t.ok(Date.parse(expires_at) > before, 'it is held for a while')
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [97, 8])
    })

    t.test('a repeated reservation gets its first result and takes nothing', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner })
      const request = orderOf(unitsOf(product, 3))
      const first = await reserve(app, request)
      const url = `/products/${product.id}`
      await callAs(app, owner, { method: 'PATCH', url, payload: { name: 'Renamed', price: 1 } })
      t.strictSame(await reserve(app, request), first)
      await confirm(app, request.order_id)
      t.strictSame(await reserve(app, request), first, 'when it is confirmed, too')
      t.equal(await stockOf(app, product.id), 97)
    })

    t.test(
      'a repeated reservation is granted even if the deal is now sold out or over',
      async (t) => {
        const deal = await offerDeal(app, { deal_stock: 1 })
        const request = orderOf(unitsOf(deal))
        const first = await reserve(app, request)
        t.strictSame(await reserve(app, request), first)
        await endWindow(sql, deal.id)
        t.strictSame(await reserve(app, request), first)
      },
    )

    t.test('of concurrent repetitions one takes stock and all get the same result', async (t) => {
      const product = await offerProduct(app)
      const request = orderOf(unitsOf(product))
      const results = await together(20, () => reserve(app, request))
      for (const result of results) t.strictSame(result, results[0])
      t.hasStrict(results[0], { outcome: 'granted' })
      t.equal(await stockOf(app, product.id), 99)
    })

    t.test('exactly the remaining units are granted', async (t) => {
      const product = await offerProduct(app, { stock: 3 })
      const details = { product_id: product.id }
      await assertNotGranted(t, orderOf(unitsOf(product, 4)), 'INSUFFICIENT_STOCK', details)
      await hold(app, unitsOf(product, 3))
      await assertNotGranted(t, orderOf(unitsOf(product)), 'INSUFFICIENT_STOCK', details)
    })

    t.test('exactly the remaining units of a deal are granted', async (t) => {
      const deal = await offerDeal(app, { deal_stock: 3 })
      const details = { deal_id: deal.id }
      await assertNotGranted(t, orderOf(unitsOf(deal, 4)), 'INSUFFICIENT_STOCK', details)
      await hold(app, unitsOf(deal, 3))
      await assertNotGranted(t, orderOf(unitsOf(deal)), 'INSUFFICIENT_STOCK', details)
      t.equal(await stockOf(app, deal.product_id), 90 + 7, 'whatever its product has')
    })

    t.test('two lines of the same product or deal are added up', async (t) => {
      const product = await offerProduct(app, { stock: 3 })
      const request = orderOf(unitsOf(product, 2), unitsOf(product, 2))
      await assertNotGranted(t, request, 'INSUFFICIENT_STOCK', { product_id: product.id })
      const { lines } = await reserve(app, orderOf(unitsOf(product, 2), unitsOf(product)))
      t.hasStrict(lines, [{ quantity: 2 }, { quantity: 1 }])
      t.equal(await stockOf(app, product.id), 0)
    })

    t.test(
      'a line with deal_id takes units of the deal, one without it of the product',
      async (t) => {
        const owner = randomUUID()
        const product = await offerProduct(app, { owner, stock: 20 })
        const deal = await offerDeal(app, { deal_stock: 5 }, owner, product)
        const { lines } = await reserve(app, orderOf(unitsOf(deal, 5), unitsOf(product, 4)))
        t.hasStrict(lines, [{ unit_price: deal.deal_price }, { unit_price: product.price }])
        t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [11, 0])
      },
    )

    t.test('an unknown product is rejected', async (t) => {
      const line = { product_id: randomUUID(), deal_id: null, quantity: 1 }
      const { product_id } = line
      await assertNotGranted(t, orderOf(line), 'PRODUCT_NOT_FOUND', { product_id })
    })

    t.test('an unknown product is reported before the deal', async (t) => {
      const product_id = randomUUID()
      for (const deal_id of [randomUUID(), (await offerDeal(app)).id]) {
        const line = { product_id, deal_id, quantity: 1 }
        await assertNotGranted(t, orderOf(line), 'PRODUCT_NOT_FOUND', { product_id })
      }
    })

    t.test('an unknown deal is rejected, and so is a deal of another product', async (t) => {
      const product = await offerProduct(app)
      const deal = await offerDeal(app)
      for (const deal_id of [randomUUID(), deal.id]) {
        const details = { product_id: product.id, deal_id }
        await assertNotGranted(t, orderOf({ ...details, quantity: 1 }), 'DEAL_NOT_FOUND', details)
      }
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [100, 10])
    })

    t.test('a scheduled deal rejects reservations', async (t) => {
      const deal = await offerDeal(app, { starts_at: inMs(30_000) })
      await assertNotGranted(t, orderOf(unitsOf(deal)), 'DEAL_NOT_ACTIVE', { deal_id: deal.id })
      t.equal(await remainingOf(app, deal.id), 10)
    })

    t.test('an ended deal rejects reservations', async (t) => {
      const deal = await offerDeal(app)
      await endWindow(sql, deal.id)
      await assertNotGranted(t, orderOf(unitsOf(deal)), 'DEAL_NOT_ACTIVE', { deal_id: deal.id })
      t.equal(await remainingOf(app, deal.id), 10)
    })

    t.test('a limit counts all orders of one buyer', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 3 })
      const { user_id } = await hold(app, unitsOf(deal, 2))
      const result = await reserve(app, { ...orderOf(unitsOf(deal, 2)), user_id })
      const details = { deal_id: deal.id, limit: 3, bought: 2 }
      t.hasStrict(result, { outcome: 'refused', reason: 'PURCHASE_LIMIT_EXCEEDED', details })
      t.hasStrict(await reserve(app, { ...orderOf(unitsOf(deal)), user_id }), {
        outcome: 'granted',
      })
      t.hasStrict(await reserve(app, orderOf(unitsOf(deal, 3))), { outcome: 'granted' })
      t.equal(await remainingOf(app, deal.id), 4)
    })

    t.test('a limit counts confirmed and held reservations', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 1 })
      const { order_id, user_id } = await hold(app, unitsOf(deal))
      await confirm(app, order_id)
      const { reason } = await reserve(app, { ...orderOf(unitsOf(deal)), user_id })
      t.equal(reason, 'PURCHASE_LIMIT_EXCEEDED')
    })

    t.test('a limit counts two lines of one order together', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 3 })
      const request = orderOf(unitsOf(deal, 2), unitsOf(deal, 2))
      const details = { deal_id: deal.id, limit: 3, bought: 0 }
      await assertNotGranted(t, request, 'PURCHASE_LIMIT_EXCEEDED', details)
      t.equal(await remainingOf(app, deal.id), 10)
    })

    t.test('a limit applies to the deal, not to its product', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner })
      const deal = await offerDeal(app, { per_user_limit: 1 }, owner, product)
      const result = await reserve(app, orderOf(unitsOf(deal), unitsOf(product, 10)))
      t.equal(result.outcome, 'granted')
    })

    t.test('a limit holds for concurrent orders', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 3 })
      const user_id = randomUUID()
      const results = await together(10, () => reserve(app, { ...orderOf(unitsOf(deal)), user_id }))
      t.strictSame(outcomes(results), { granted: 3, refused: 7 })
      t.equal(await remainingOf(app, deal.id), 7)
    })

    t.test('of several lines all are granted or none', async (t) => {
      const [plenty, scarce] = [await offerProduct(app), await offerProduct(app, { stock: 0 })]
      const deal = await offerDeal(app, { per_user_limit: 5 })
      const request = orderOf(unitsOf(plenty), unitsOf(deal), unitsOf(scarce))
      await assertNotGranted(t, request, 'INSUFFICIENT_STOCK', { product_id: scarce.id })
      t.strictSame([await stockOf(app, plenty.id), await remainingOf(app, deal.id)], [100, 10])
    })

    t.test('a line whose deal belongs to another product rejects the whole order', async (t) => {
      const [deal, other] = [await offerDeal(app), await offerDeal(app)]
      const wrong = { ...unitsOf(other), product_id: deal.product_id }
      const { product_id, deal_id } = wrong
      const request = orderOf(unitsOf(deal), wrong)
      await assertNotGranted(t, request, 'DEAL_NOT_FOUND', { product_id, deal_id })
      t.strictSame([await remainingOf(app, deal.id), await remainingOf(app, other.id)], [10, 10])
    })

    t.test('a rejected reservation can be repeated and granted', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 0 })
      const request = orderOf(unitsOf(product))
      t.equal((await reserve(app, request)).reason, 'INSUFFICIENT_STOCK')
      const url = `/products/${product.id}/stock`
      await callAs(app, owner, { method: 'PATCH', url, payload: { delta: 1 } })
      t.equal((await reserve(app, request)).outcome, 'granted')
    })

    t.test('a released order id is rejected', async (t) => {
      const product = await offerProduct(app)
      const request = await hold(app, unitsOf(product))
      await release(app, request.order_id)
      const { order_id } = request
      t.hasStrict(await reserve(app, request), {
        order_id,
        outcome: 'refused',
        reason: 'RESERVATION_RELEASED',
      })
      t.equal(await stockOf(app, product.id), 100)
    })

    t.test(
      '100 concurrent buyers for 30 units get exactly 30, also at two processes',
      async (t) => {
        const other = await buildProduct(t, { database, scenarios })
        const deal = await offerDeal(app, { deal_stock: 30 })
        const results = await together(100, (n) =>
          reserve(n % 2 ? app : other, orderOf(unitsOf(deal))),
        )
        t.strictSame(outcomes(results), { granted: 30, refused: 70 })
        t.equal(await remainingOf(app, deal.id), 0)
      },
    )

    t.test('orders with the same lines in opposite order all succeed', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner })
      const lines = [
        unitsOf(product),
        unitsOf(await offerDeal(app, { deal_stock: 60 }, owner, product)),
        unitsOf(await offerProduct(app)),
        unitsOf(await offerDeal(app, { deal_stock: 60 })),
      ]
      const requests = Array.from({ length: 40 }, (_, n) =>
        orderOf(...(n % 2 ? lines : lines.toReversed())),
      )
      const results = await Promise.all(requests.map((request) => reserve(app, request)))
      t.strictSame(outcomes(results), { granted: 40 })
      await Promise.all(requests.map(({ order_id }) => release(app, order_id)))
    })

    t.test(
      'each reservation of a batch has its own result, in the order of the request',
      async (t) => {
        const product = await offerProduct(app, { stock: 2 })
        const fine = orderOf(unitsOf(product, 2))
        const unknown = orderOf({ ...unitsOf(product), product_id: randomUUID() })
        const greedy = orderOf(unitsOf(product, 3))
        const results = await reserveBatch(app, [unknown, fine, greedy, fine])
        t.strictSame(
          results.map(({ order_id, outcome, reason }) => [order_id, outcome, reason]),
          [
            [unknown.order_id, 'refused', 'PRODUCT_NOT_FOUND'],
            [fine.order_id, 'granted', undefined],
            [greedy.order_id, 'refused', 'INSUFFICIENT_STOCK'],
            [fine.order_id, 'granted', undefined],
          ],
        )
      },
    )

    t.test('a batch of 100 for 30 units grants exactly 30', async (t) => {
      const product = await offerProduct(app, { stock: 30 })
      const requests = Array.from({ length: 100 }, () => orderOf(unitsOf(product)))
      const results = await reserveBatch(app, requests)
      t.strictSame(outcomes(results), { granted: 30, refused: 70 })
      t.strictSame(
        results.map(({ order_id }) => order_id),
        requests.map(({ order_id }) => order_id),
      )
    })

    t.test('a reservation that times out does not fail the others of its batch', async (t) => {
      const hasty = await buildProduct(t, {
        database,
        scenarios,
        settings: { QUERY_TIMEOUT_MS: '500' },
      })
      const [stuck, free] = [await offerProduct(app), await offerProduct(app)]
      const requests = [orderOf(unitsOf(stuck)), orderOf(unitsOf(free))]
      const unlock = await lockRow(sql, 'products', stuck.id)
      const results = await reserveBatch(hasty, requests)
      await unlock()
      t.strictSame(
        results.map(({ outcome }) => outcome),
        ['unknown', 'granted'],
      )
    })

    t.test('an order that waits for a deal while its window ends is rejected', async (t) => {
      const deal = await offerDeal(app)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const waiting = reserve(app, orderOf(unitsOf(deal)))
      await untilWaiting(sql, 1)
      await unlock(
        (held) => held`update deals set ends_at = clock_timestamp() where id = ${deal.id}`,
      )
      t.equal((await waiting).reason, 'DEAL_NOT_ACTIVE')
      t.equal(await remainingOf(app, deal.id), 10)
    })

    for (const [title, [payload, field]] of Object.entries(refused)) {
      t.test(`${title} is rejected, and the field is named`, async (t) => {
        const answer = await postReservations(app, payload)
        assertRefused(t, answer, 422, 'VALIDATION_ERROR', [field])
      })
    }

    t.test('the largest batch, order and quantity are accepted', async (t) => {
      const product = await offerProduct(app)
      const lines = Array(10).fill(unitsOf(product, 10))
      const { outcome } = await reserve(app, orderOf(...lines))
      t.equal(outcome, 'granted')
      t.equal(await stockOf(app, product.id), 0)
    })

    t.test('invalid bodies and a missing batch are rejected', async (t) => {
      await rejectsBodies(t, app, { method: 'POST', url }, ['reservations'])
    })

    t.test('only services can reserve', async (t) => {
      const request = orderOf(unitsOf(await offerProduct(app)))
      const payload = { reservations: [request] }
      await rejectsWithoutKey(t, app, { method: 'POST', url, payload })
      t.equal(await traces(request), 0)
    })

    t.test('afterwards every unit is accounted for', async (t) => {
      t.strictSame([...(await unaccounted(sql))], [])
    })

    t.test('no deadlock occurred', async (t) => {
      await app.close()
      t.equal(await deadlocksIn(sql), 0)
    })
  })
}

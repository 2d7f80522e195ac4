import { randomUUID } from 'node:crypto'
import { asService, assertRefused, eachVariant, purchaseFlags } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow, unaccounted } from './admin.ts'
import {
  buildProduct,
  confirm,
  hold,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  postRelease,
  release,
  remainingOf,
  reserve,
  stockOf,
  together,
  unitsOf,
} from './client.ts'
import { rejectsMalformedIds, rejectsWithoutKey } from './refusals.ts'

const call = (id: string) =>
  ({ method: 'POST', url: `/internal/reservations/${id}/release` }) as const

for (const variant of eachVariant('M1')) {
  t.test(variant, async (t) => {
    const scenarios = purchaseFlags(variant)
    const { app, database } = await openShop(t, { scenarios })
    const sql = adminOf(t, database)

    t.test('held stock is returned', async (t) => {
      const [product, deal] = [await offerProduct(app), await offerDeal(app)]
      const { order_id } = await hold(app, unitsOf(product, 2), unitsOf(deal, 3), unitsOf(product))
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [97, 7])
      const answer = await postRelease(app, order_id)
      t.equal(answer.statusCode, 200)
      t.strictSame(answer.json(), { order_id, state: 'released' })
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [100, 10])
    })

    t.test('confirmed stock is returned too', async (t) => {
      const product = await offerProduct(app)
      const { order_id } = await hold(app, unitsOf(product, 2))
      await confirm(app, order_id)
      await release(app, order_id)
      t.equal(await stockOf(app, product.id), 100)
    })

    t.test('repeated releases return the stock once', async (t) => {
      const [product, deal] = [await offerProduct(app), await offerDeal(app)]
      const { order_id } = await hold(app, unitsOf(product, 2), unitsOf(deal, 3))
      await hold(app, unitsOf(product), unitsOf(deal))
      for (const time of ['once', 'twice', 'thrice']) {
        t.strictSame(
          (await postRelease(app, order_id)).json(),
          { order_id, state: 'released' },
          time,
        )
        t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [99, 9])
      }
    })

    t.test('20 concurrent releases at two processes return the stock once', async (t) => {
      const other = await buildProduct(t, { database, scenarios })
      const [product, deal] = [await offerProduct(app), await offerDeal(app)]
      const { order_id } = await hold(app, unitsOf(product, 2), unitsOf(deal, 3))
      await hold(app, unitsOf(product), unitsOf(deal))
      const answers = await together(20, (n) => postRelease(n % 2 ? app : other, order_id))
      for (const answer of answers) t.strictSame(answer.json(), { order_id, state: 'released' })
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [99, 9])
    })

    t.test("the units of the buyer's limit are returned too, once", async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 2 })
      const { order_id, user_id } = await hold(app, unitsOf(deal, 2))
      const again = (quantity: number) =>
        reserve(app, { ...orderOf(unitsOf(deal, quantity)), user_id })
      t.equal((await again(1)).reason, 'PURCHASE_LIMIT_EXCEEDED')
      await together(5, () => release(app, order_id))
      t.equal((await again(3)).reason, 'PURCHASE_LIMIT_EXCEEDED')
      t.equal((await again(2)).outcome, 'granted')
      t.equal((await again(1)).reason, 'PURCHASE_LIMIT_EXCEEDED')
    })

    t.test('returned units can be ordered by another buyer', async (t) => {
      const product = await offerProduct(app, { stock: 1 })
      const { order_id } = await hold(app, unitsOf(product))
      t.equal((await reserve(app, orderOf(unitsOf(product)))).reason, 'INSUFFICIENT_STOCK')
      await release(app, order_id)
      t.equal((await reserve(app, orderOf(unitsOf(product)))).outcome, 'granted')
    })

    t.test('a release before its reservation rejects the reservation', async (t) => {
      const product = await offerProduct(app)
      const request = orderOf(unitsOf(product))
      const { order_id } = request
      for (const time of ['once', 'twice']) {
        t.strictSame(
          (await postRelease(app, order_id)).json(),
          { order_id, state: 'released' },
          time,
        )
      }
      t.hasStrict(await reserve(app, request), {
        outcome: 'refused',
        reason: 'RESERVATION_RELEASED',
      })
      t.hasStrict(await confirm(app, order_id), [{ state: 'released' }])
      t.equal(await stockOf(app, product.id), 100)
    })

    t.test('a concurrent reservation and release take no stock', async (t) => {
      const [product, deal] = [await offerProduct(app), await offerDeal(app)]
      await together(30, async () => {
        const request = orderOf(unitsOf(deal), unitsOf(product))
        await Promise.all([reserve(app, request), release(app, request.order_id)])
        t.equal((await reserve(app, request)).reason, 'RESERVATION_RELEASED')
      })
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [100, 10])
    })

    t.test('a release after the deal is closed credits the product, once', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      const deal = await offerDeal(app, { deal_stock: 10 }, owner, product)
      const { order_id } = await hold(app, unitsOf(deal, 3), unitsOf(product, 2))
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal(await stockOf(app, product.id), 45, '40, less 2 sold, and 7 from the deal')
      await together(5, () => release(app, order_id))
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [50, 0])
    })

    t.test('a release between end and closing of a deal is moved once', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 10 })
      const deal = await offerDeal(app, { deal_stock: 10 }, owner, product)
      const { order_id } = await hold(app, unitsOf(deal, 3))
      await endWindow(sql, deal.id)
      await release(app, order_id)
      t.equal(await remainingOf(app, deal.id), 10)
      await app.sweep()
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [10, 0])
    })

    t.test('concurrent releases and closing move every unit once', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      const deal = await offerDeal(app, { deal_stock: 50 }, owner, product)
      const requests = await together(20, () => hold(app, unitsOf(deal, 2)))
      await endWindow(sql, deal.id)
      const releases = requests.map(({ order_id }) => release(app, order_id))
      await Promise.all([app.sweep(), ...releases, app.sweep()])
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [50, 0])
    })

    t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'order_id', call))

    t.test('an invalid body is rejected although none is needed', async (t) => {
      const product = await offerProduct(app)
      const { order_id } = await hold(app, unitsOf(product))
      const send = (type: string, payload: string) =>
        app.inject({
          ...call(order_id),
          headers: { ...asService(), 'content-type': type },
          payload,
        })
      const json = 'application/json'
      assertRefused(t, await send(json, '{'), 400, 'MALFORMED_BODY')
      assertRefused(t, await send('text/plain', 'x'), 415, 'UNSUPPORTED_MEDIA_TYPE')
      assertRefused(t, await send(json, `"${'x'.repeat(131_072)}"`), 413, 'PAYLOAD_TOO_LARGE')
      t.equal(await stockOf(app, product.id), 99)
      t.equal((await send(json, '')).statusCode, 200, 'an empty one is none')
    })

    t.test('only services can release', async (t) => {
      const product = await offerProduct(app)
      const { order_id } = await hold(app, unitsOf(product))
      await rejectsWithoutKey(t, app, call(order_id))
      t.equal(await stockOf(app, product.id), 99)
      const unknown = orderOf(unitsOf(product))
      assertRefused(t, await app.inject(call(unknown.order_id)), 401, 'UNAUTHORIZED')
      t.equal((await reserve(app, unknown)).outcome, 'granted', 'nor is an unknown id stored')
    })

    t.test('afterwards every unit is accounted for', async (t) => {
      t.strictSame([...(await unaccounted(sql))], [])
    })
  })
}

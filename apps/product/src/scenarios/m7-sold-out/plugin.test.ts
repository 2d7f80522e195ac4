import { randomUUID } from 'node:crypto'
import { eachVariant, purchaseFlags, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { adminOf, deadlocksIn, unaccounted } from '../../../test/admin.ts'
import {
  buildProduct,
  type Deal,
  hold,
  inMs,
  offerDeal,
  openShop,
  orderOf,
  release,
  remainingOf,
  reserve,
  together,
  unitsOf,
} from '../../../test/client.ts'
import { witnessOf } from '../../../test/witness.ts'

/** M7 with every variant of M1. */

t.test('baseline: every order reaches M1 and is counted', async (t) => {
  const { app } = await openShop(t, { scenarios: { M7: 'baseline', M1: 'optimized' } })
  const deal = await offerDeal(app)
  await reserve(app, orderOf(unitsOf(deal, 10)))
  for (const _ of Array(3)) {
    const result = await reserve(app, orderOf(unitsOf(deal)))
    t.hasStrict(result, { outcome: 'refused', reason: 'INSUFFICIENT_STOCK' })
  }
  t.strictSame(await witnessOf(app, 'M7'), { passed: 4 })
})

for (const M1 of eachVariant('M1')) {
  t.test(`optimized, with M1 ${M1}`, async (t) => {
    const scenarios = { ...purchaseFlags(M1), M7: 'optimized' } as const
    const { app, database } = await openShop(t, { scenarios })
    const sql = adminOf(t, database)
    const another = (t: Test) => buildProduct(t, { database, scenarios })
    const witness = (of: FastifyInstance) => witnessOf(of, 'M7')

    /** A deal that is sold out and stored as such. */
    const sellOut = async (
      of: FastifyInstance,
      deal: Deal,
      holder = orderOf(unitsOf(deal, 10)),
    ) => {
      await reserve(app, holder)
      const { sold_out_known: before = 0 } = await witness(of)
      await until(async () => {
        const { reason } = await reserve(of, orderOf(unitsOf(deal)))
        const { sold_out_known = 0 } = await witness(of)
        return sold_out_known > before || reason === 'DEAL_NOT_ACTIVE'
      })
      return holder
    }

    t.test('orders of a sold-out deal are rejected without the database', async (t) => {
      const deal = await offerDeal(app)
      await reserve(app, orderOf(unitsOf(deal, 10)))
      const asked = orderOf(unitsOf(deal))
      const first = await reserve(app, asked)
      t.hasStrict(first, {
        outcome: 'refused',
        reason: 'INSUFFICIENT_STOCK',
        details: { deal_id: deal.id },
      })
      await until(async () => {
        t.strictSame(await reserve(app, asked), first, 'to the letter what the database says')
        return ((await witness(app)).sold_out_known ?? 0) > 0
      })
    })

    t.test('a held order of a sold-out deal gets its first result again', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app)
      const held = await sellOut(other, deal)
      const first = await reserve(app, held)
      t.hasStrict(first, { outcome: 'granted' })
      t.strictSame(await reserve(other, held), first)
    })

    t.test('and a released one is rejected as released', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app, { deal_stock: 11 })
      const released = await hold(app, unitsOf(deal))
      await release(app, released.order_id)
      await hold(app, unitsOf(deal))
      await sellOut(other, deal)
      t.equal((await reserve(other, released)).reason, 'RESERVATION_RELEASED')
    })

    t.test('it does not replace other rejections', async (t) => {
      const deal = await offerDeal(app)
      await sellOut(app, deal)
      const reasonOf = async (given: object) =>
        (await reserve(app, orderOf({ ...unitsOf(deal), ...given }))).reason
      t.equal(await reasonOf({ product_id: randomUUID() }), 'PRODUCT_NOT_FOUND')
      const { product_id } = await offerDeal(app)
      t.equal(await reasonOf({ product_id }), 'DEAL_NOT_FOUND')
      const two = orderOf(unitsOf(deal), { ...unitsOf(deal), product_id })
      t.equal((await reserve(app, two)).reason, 'DEAL_NOT_FOUND')
    })

    t.test('units released by this process can be ordered immediately', async (t) => {
      const deal = await offerDeal(app)
      const { order_id } = await sellOut(app, deal)
      await release(app, order_id)
      const { outcome } = await reserve(app, orderOf(unitsOf(deal, 10)))
      t.equal(outcome, 'granted')
    })

    t.test('units released by another process can be ordered again', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app)
      const { order_id } = await sellOut(app, deal)
      await release(other, order_id)
      await until(async () => (await reserve(app, orderOf(unitsOf(deal)))).outcome === 'granted')
    })

    t.test('after its window a deal is not active instead of sold out', async () => {
      const deal = await offerDeal(app, { ends_at: inMs(1_000) })
      await sellOut(app, deal)
      await until(
        async () => (await reserve(app, orderOf(unitsOf(deal)))).reason === 'DEAL_NOT_ACTIVE',
      )
    })

    t.test('with concurrent orders and releases, all units are sold in the end', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app, { deal_stock: 20 })
      const waverers = await together(20, () => hold(app, unitsOf(deal)))
      const asking = together(20, async (n) => {
        const of = n % 2 ? app : other
        await until(async () => (await reserve(of, orderOf(unitsOf(deal)))).outcome === 'granted')
      })
      for (const { order_id } of waverers) await release(app, order_id)
      await asking
      t.equal(await remainingOf(app, deal.id), 0)
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

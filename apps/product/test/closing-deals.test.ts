import { randomUUID } from 'node:crypto'
import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow, lockRow, unaccounted, until, untilWaiting } from './admin.ts'
import {
  buildProduct,
  confirm,
  type Deal,
  dealOf,
  hold,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  type Product,
  remainingOf,
  reserve,
  stockOf,
  together,
  unitsOf,
} from './client.ts'

for (const variant of eachVariant('M1')) {
  t.test(variant, async (t) => {
    const scenarios = { M1: variant }
    const { app, database } = await openShop(t, { scenarios })
    const other = await buildProduct(t, { database, scenarios })
    const sql = adminOf(t, database)

    /** A deal to which a part of a new product's 50 units was moved. */
    const offer = async (given: object = {}): Promise<{ product: Product; deal: Deal }> => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      return { product, deal: await offerDeal(app, { deal_stock: 20, ...given }, owner, product) }
    }

    t.test('what remains of a deal that is over goes back to its product, once', async (t) => {
      const { product, deal } = await offer()
      const { order_id } = await hold(app, unitsOf(deal, 3))
      await hold(app, unitsOf(deal, 2))
      await confirm(app, order_id)
      await endWindow(sql, deal.id)
      for (const time of ['the first sweep', 'the second sweep']) {
        await app.sweep()
        t.equal(await stockOf(app, product.id), 45, time)
        t.hasStrict(await dealOf(app, deal.id), {
          status: 'ended',
          remaining_stock: 0,
          deal_stock: 20,
        })
      }
    })

    t.test('a deal that is bought up closes too', async (t) => {
      const { product, deal } = await offer({ deal_stock: 10 })
      await hold(app, unitsOf(deal, 10))
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal(await stockOf(app, product.id), 40)
      t.equal((await dealOf(app, deal.id)).status, 'ended')
    })

    t.test('deals that are open or have not begun stay as they are', async (t) => {
      const [open, scheduled] = [await offer(), await offer({ starts_at: inMs(30_000) })]
      await app.sweep()
      for (const { product, deal } of [open, scheduled]) {
        t.equal(await stockOf(app, product.id), 30)
        t.strictSame(await dealOf(app, deal.id), deal)
      }
    })

    t.test('a deal closes by the first sweep after its end', async (t) => {
      const { product, deal } = await offer({ ends_at: inMs(300) })
      await until(async () => (await dealOf(app, deal.id)).status === 'ended')
      await app.sweep()
      t.equal(await stockOf(app, product.id), 50)
    })

    t.test('a deal whose window is over already when it is made closes as well', async (t) => {
      const { product } = await offer({ starts_at: inMs(-2_000), ends_at: inMs(-1_000) })
      await app.sweep()
      t.equal(await stockOf(app, product.id), 50)
    })

    t.test('what came back can be bought from the product', async (t) => {
      const { product, deal } = await offer({ deal_stock: 50 })
      t.equal((await reserve(app, orderOf(unitsOf(product)))).reason, 'INSUFFICIENT_STOCK')
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal((await reserve(app, orderOf(unitsOf(product)))).outcome, 'granted')
    })

    t.test('a closed deal takes no reservation', async (t) => {
      const { product, deal } = await offer()
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal((await reserve(app, orderOf(unitsOf(deal)))).reason, 'DEAL_NOT_ACTIVE')
      await sql`update deals set ends_at = clock_timestamp() + interval '1 min' where id = ${deal.id}`
      t.equal(
        (await reserve(app, orderOf(unitsOf(deal)))).reason,
        'DEAL_NOT_ACTIVE',
        'nor later on',
      )
      t.equal(await stockOf(app, product.id), 50)
    })

    t.test('two processes that sweep at once move what remains once', async (t) => {
      const { product, deal } = await offer()
      await endWindow(sql, deal.id)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const sweeps = [app.sweep(), other.sweep()]
      await untilWaiting(sql, 2)
      await unlock()
      await Promise.all(sweeps)
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [50, 0])
    })

    t.test('many deals of one product close together, by several sweeps at once', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      const deals = await together(10, () => offerDeal(app, { deal_stock: 5 }, owner, product))
      for (const { id } of deals) await endWindow(sql, id)
      await together(6, (n) => (n % 2 ? app : other).sweep())
      t.equal(await stockOf(app, product.id), 50)
    })

    t.test('who waits for a deal while it is closed is refused', async (t) => {
      const { product, deal } = await offer()
      await endWindow(sql, deal.id)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const sweep = app.sweep()
      await untilWaiting(sql, 1)
      const waiting = reserve(other, orderOf(unitsOf(deal)))
      await untilWaiting(sql, 2, waiting)
      await unlock()
      t.equal((await waiting).reason, 'DEAL_NOT_ACTIVE')
      await sweep
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [50, 0])
    })

    t.test(
      'with buyers up to the last moment and after it, every unit is sold or back',
      async (t) => {
        const { product, deal } = await offer({ deal_stock: 50, ends_at: inMs(300) })
        let sold = 0
        await together(8, async (n) => {
          const request = () => reserve(n % 2 ? app : other, orderOf(unitsOf(deal)))
          for (
            let result = await request();
            result.outcome === 'granted';
            result = await request()
          ) {
            sold += 1
            await (n % 2 ? app : other).sweep()
          }
        })
        await until(async () => (await dealOf(app, deal.id)).status === 'ended')
        await Promise.all([app.sweep(), other.sweep()])
        t.equal(await stockOf(app, product.id), 50 - sold)
      },
    )

    t.test('a deal that cannot be closed does not keep others open', async (t) => {
      const hasty = await buildProduct(t, {
        database,
        scenarios,
        settings: { QUERY_TIMEOUT_MS: '500' },
      })
      const stuck = await offer()
      const others = await together(5, () => offer())
      for (const { deal } of [stuck, ...others]) await endWindow(sql, deal.id)
      const unlock = await lockRow(sql, 'deals', stuck.deal.id)
      await t.rejects(hasty.sweep(), { code: 'SERVICE_UNAVAILABLE' }, 'it is not kept quiet')
      for (const { product } of others) t.equal(await stockOf(app, product.id), 50)
      await unlock()
      await app.sweep()
      t.equal(await stockOf(app, stuck.product.id), 50)
    })

    t.test('afterwards every unit is accounted for', async (t) => {
      t.strictSame([...(await unaccounted(sql))], [])
    })
  })
}

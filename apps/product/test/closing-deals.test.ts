import { randomUUID } from 'node:crypto'
import { eachVariant, purchaseFlags, until } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow, lockRow, unaccounted, untilWaiting } from './admin.ts'
import {
  buildProduct,
  callAs,
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
  productOf,
  release,
  remainingOf,
  reserve,
  stockOf,
  together,
  unitsOf,
} from './client.ts'

for (const variant of eachVariant('M1')) {
  t.test(variant, async (t) => {
    const scenarios = purchaseFlags(variant)
    const { app, database } = await openShop(t, { scenarios })
    const other = await buildProduct(t, { database, scenarios })
    const sql = adminOf(t, database)

    /** A deal to which a part of a new product's 50 units was moved. */
    const offer = async (given: object = {}): Promise<{ product: Product; deal: Deal }> => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      return { product, deal: await offerDeal(app, { deal_stock: 20, ...given }, owner, product) }
    }

    t.test('the remaining units of an ended deal are returned to its product, once', async (t) => {
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

    t.test('a sold-out deal closes too', async (t) => {
      const { product, deal } = await offer({ deal_stock: 10 })
      await hold(app, unitsOf(deal, 10))
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal(await stockOf(app, product.id), 40)
      t.equal((await dealOf(app, deal.id)).status, 'ended')
    })

    t.test('open and scheduled deals do not change', async (t) => {
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

    t.test('returned units can be ordered from the product', async (t) => {
      const { product, deal } = await offer({ deal_stock: 50 })
      t.equal((await reserve(app, orderOf(unitsOf(product)))).reason, 'INSUFFICIENT_STOCK')
      await endWindow(sql, deal.id)
      await app.sweep()
      t.equal((await reserve(app, orderOf(unitsOf(product)))).outcome, 'granted')
    })

    t.test('a closed deal rejects reservations', async (t) => {
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

    t.test('two concurrent sweeps return the remaining units once', async (t) => {
      const { product, deal } = await offer()
      await endWindow(sql, deal.id)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const sweeps = [app.sweep(), other.sweep()]
      await untilWaiting(sql, 2)
      await unlock()
      await Promise.all(sweeps)
      t.strictSame([await stockOf(app, product.id), await remainingOf(app, deal.id)], [50, 0])
    })

    t.test('several concurrent sweeps can close many deals of one product', async (t) => {
      const owner = randomUUID()
      const product = await offerProduct(app, { owner, stock: 50 })
      const deals = await together(10, () => offerDeal(app, { deal_stock: 5 }, owner, product))
      for (const { id } of deals) await endWindow(sql, id)
      await together(6, (n) => (n % 2 ? app : other).sweep())
      t.equal(await stockOf(app, product.id), 50)
    })

    t.test(
      'thousands of deals that ended before it do not delay the return of a deal',
      async (t) => {
        const crowd = await offerProduct(app)
        await sql`
        insert into deals (id, product_id, deal_price, deal_stock, remaining_stock, starts_at, ends_at)
        select gen_random_uuid(), ${crowd.id}, 1, 1, 1, '2000-01-01', '2000-01-02'
        from generate_series(1, 4000)`
        const { product, deal } = await offer()
        await endWindow(sql, deal.id)
        await app.sweep()
        t.strictSame([await stockOf(app, product.id), await stockOf(app, crowd.id)], [50, 4_100])
        const [before] = await sql`
        select count(*)::int from deals
        where product_id = ${crowd.id}
          and closed_at < (select closed_at from deals where id = ${deal.id})`
        t.ok(before?.count <= 100, `it closes with the first hundred, after ${before?.count}`)
      },
    )

    t.test(
      'the stock of a product may exceed what an owner can set when units are returned',
      async (t) => {
        const most = 2_147_483_647
        const owner = randomUUID()
        const product = await offerProduct(app, { owner, stock: 0 })
        const add = { method: 'PATCH', url: `/products/${product.id}/stock` } as const
        for (const _ of [1, 2, 3]) {
          t.equal((await callAs(app, owner, { ...add, payload: { delta: most } })).statusCode, 200)
          const deal = await offerDeal(app, { deal_stock: most }, owner, product)
          await endWindow(sql, deal.id)
        }
        await app.sweep()
        t.equal(await stockOf(app, product.id), 3 * most)
        const { order_id } = await hold(app, unitsOf(product, 10))
        t.equal(await stockOf(app, product.id), 3 * most - 10)
        await release(app, order_id)
        const again = await offerDeal(app, { deal_stock: most }, owner, product)
        t.equal(await stockOf(app, product.id), 2 * most)
        t.equal((await productOf(app, product.id)).stock, 2 * most)
        await endWindow(sql, again.id)
        await app.sweep()
        t.equal(await stockOf(app, product.id), 3 * most)
      },
    )

    t.test('an order that waits for a deal while it is closed is rejected', async (t) => {
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

    t.test('a deal that cannot be closed does not block the others', async (t) => {
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

t.test('a failed batch is logged, and its deals are closed one by one', async (t) => {
  const lines: string[] = []
  const logStream = { write: (line: string) => void lines.push(line) }
  const { app, database } = await openShop(t, { logStream, settings: { LOG_LEVEL: 'warn' } })
  const sql = adminOf(t, database)
  const stuck = await offerDeal(app)
  const others = await together(2, () => offerDeal(app))
  for (const { id } of [stuck, ...others]) await endWindow(sql, id)
  await sql.unsafe(`
    create function product.refuse() returns trigger language plpgsql as
      $$ begin raise 'a planted bug'; end $$;
    create trigger refuse before update on product.deals
      for each row when (old.id = '${stuck.id}') execute function product.refuse()`)
  await t.rejects(app.sweep(), { message: 'a planted bug' })
  for (const { id } of others) t.equal((await dealOf(app, id)).status, 'ended')
  const [line = '{}', ...more] = lines.filter((each) => each.includes('closed together'))
  t.strictSame(more, [])
  t.match(JSON.parse(line), { detail: 'a planted bug' })
})

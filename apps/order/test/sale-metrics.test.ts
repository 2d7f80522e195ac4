import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { buy, cancel, offerDeal, openShop, settle, units } from './order-and-product.ts'

/** Compares the figures of a sale on `/metrics` with the requests. */

const open = async (t: Test) => {
  const shop = await openShop(t)
  const deal = await offerDeal(shop, { deal_stock: 3, per_user_limit: 2 })
  const order = (quantity: number, userId = randomUUID(), key?: string) => {
    return buy(shop.order, userId, { items: [{ ...deal, quantity }] }, key)
  }
  return { shop, deal, order }
}

/** The samples of a metric: labels as they are written, and the value. */
const samplesOf = async ({ metrics }: FastifyInstance, name: string) => {
  const lines = (await metrics.metrics()).matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'))
  return Object.fromEntries(Array.from(lines, ([, labels = '', value]) => [labels, Number(value)]))
}

const outcomes = async (app: FastifyInstance) => {
  const samples = Object.entries(await samplesOf(app, 'orders_total'))
  return Object.fromEntries(
    samples
      .filter(([, value]) => value > 0)
      .map(([labels, value]) => [/outcome="(\w+)"/.exec(labels)?.[1], value]),
  )
}

t.test('orders are counted once, by outcome', async (t) => {
  const { shop, order } = await open(t)
  const buyer = randomUUID()
  const first = await order(2, buyer, 'a key')
  await order(2, buyer, 'a key')
  await order(1, buyer)
  await order(2)
  await order(1)
  await order(1)
  await cancel(shop.order, buyer, first.json<{ id: string }>().id)
  await buy(shop.order, buyer, units(randomUUID()))
  t.strictSame(await outcomes(shop.order), {
    confirmed: 2,
    cancelled: 1,
    purchase_limit_exceeded: 1,
    insufficient_stock: 2,
    product_not_found: 1,
  })
})

t.test('an order that product cannot take is counted by its error', async (t) => {
  const { shop, order } = await open(t)
  await shop.product.close()
  const { statusCode } = await order(1)
  t.equal(statusCode, 503)
  t.strictSame(await outcomes(shop.order), { service_unavailable: 1 })
})

t.test('the units of open deals, reservations and events are gauges', async (t) => {
  const { shop, deal, order } = await open(t)
  await order(2)
  const labels = `{deal="${deal.deal_id}",product="Headphones"}`
  t.strictSame(await samplesOf(shop.product, 'deal_remaining_units'), { [labels]: 1 })
  t.strictSame(await samplesOf(shop.product, 'deal_allocated_units'), { [labels]: 3 })
  t.strictSame(await samplesOf(shop.product, 'reservations_held'), { '': 1 })
  t.strictSame(await samplesOf(shop.product, 'reservation_overdue_seconds'), { '': 0 })
  t.strictSame(await samplesOf(shop.order, 'outbox_events'), { '': 1 })
  t.ok(Number((await samplesOf(shop.order, 'outbox_oldest_seconds'))['']) > 0)
  t.strictSame(await samplesOf(shop.product, 'sweep_interval_seconds'), { '': 600 })
})

t.test('a deal that is not open has no gauge, and at most 20 deals have one', async (t) => {
  const { shop, deal } = await open(t)
  const { sql } = shop
  await sql`
    insert into product.deals (id, product_id, deal_price, deal_stock, remaining_stock, starts_at, ends_at)
    select
      gen_random_uuid(), ${deal.product_id}, 1, 1, 1,
      now() + case number when 1 then interval '1 hour' else interval '-1 hour' end,
      now() + case number when 2 then interval '-1 minute' else interval '2 hours' end
    from generate_series(1, 30) as number`
  t.equal(Object.keys(await samplesOf(shop.product, 'deal_remaining_units')).length, 20)
})

t.test('an overdue reservation shows its age', async (t) => {
  const { shop, order } = await open(t)
  await order(1)
  await shop.sql`update product.reservations set expires_at = now() - interval '90 seconds'`
  const { '': overdue = 0 } = await samplesOf(shop.product, 'reservation_overdue_seconds')
  t.ok(overdue >= 90 && overdue < 150, `${overdue} s`)
})

t.test('reservations are counted by outcome', async (t) => {
  const { shop, order } = await open(t)
  const buyer = randomUUID()
  const { id } = (await order(1, buyer)).json<{ id: string }>()
  await order(2)
  await order(1)
  await settle(shop)
  await cancel(shop.order, buyer, id)
  t.strictSame(await samplesOf(shop.product, 'reservation_changes_total'), {
    '{change="granted"}': 2,
    '{change="refused"}': 1,
    '{change="unknown"}': 0,
    '{change="confirmed"}': 2,
    '{change="released"}': 1,
  })
})

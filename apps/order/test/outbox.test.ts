import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { fails, Held, losesTheAnswer, refuses } from './forwarder.ts'
import {
  bought,
  brokenInvariants,
  cancel,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  remainingOf,
  reservationOf,
  settle,
  stockOf,
  units,
} from './order-and-product.ts'

/** The relay sends the outcome of reservations to product until product acknowledges it. */

const shop = await openShop(t)
t.beforeEach(() => shop.toProduct.heal())
t.afterEach(() => settle(shop))

const user = randomUUID()

const eventsOf = async (orderId: string): Promise<string[]> => {
  const rows = await shop.sql<{ kind: string }[]>`
    select kind from orders.outbox where order_id = ${orderId} order by id`
  return rows.map(({ kind }) => kind)
}

const waiting = async (): Promise<number> => (await shop.sql`select from orders.outbox`).length

/** The batches of confirmed orders that product received. */
const toldInRounds = (): string[][] =>
  shop.toProduct.calls('confirm').map(({ body }) => {
    const { order_ids } = JSON.parse(body) as { order_ids: string[] }
    return order_ids
  })

/** Runs rounds of the relay until no event is left; a failed event is due again in a second. */
const relayed = () =>
  until(async () => {
    await shop.order.relayOutbox()
    return (await waiting()) === 0
  })

t.test('the relay confirms a stored order at product', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product, 2))
  t.strictSame([await eventsOf(id), await reservationOf(shop, id)], [['confirmed'], 'held'])
  await shop.order.relayOutbox()
  t.strictSame([await eventsOf(id), await reservationOf(shop, id)], [[], 'confirmed'])
  t.equal(await stockOf(shop, product), 8)
})

t.test('the relay runs by itself', async (t) => {
  await orderBeside(t, shop, { RELAY_INTERVAL_MS: '20' })
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  await until(async () => (await eventsOf(id)).length === 0)
  t.equal(await reservationOf(shop, id), 'confirmed')
})

for (const { how, manner } of [
  { how: 'is unavailable', manner: refuses },
  { how: 'responds with an error', manner: fails },
  { how: 'confirms but its response is lost', manner: losesTheAnswer },
]) {
  t.test(`a confirmation is kept while product ${how}, and delivered afterwards`, async (t) => {
    const { id } = await bought(shop, user, units(await offerProduct(shop)))
    shop.toProduct.on('confirm', manner)
    await t.rejects(shop.order.relayOutbox(), { code: 'SERVICE_UNAVAILABLE' })
    t.strictSame(await eventsOf(id), ['confirmed'])
    shop.toProduct.heal()
    await relayed()
    t.equal(await reservationOf(shop, id), 'confirmed')
  })
}

t.test(
  'the stock of an order cancelled while product is unavailable is returned once',
  async (t) => {
    const deal = await offerDeal(shop, { deal_stock: 3, per_user_limit: 1 })
    const { id } = await bought(shop, user, { items: [deal] })
    shop.toProduct.on('release', refuses)
    shop.toProduct.on('confirm', refuses)
    const cancelled = await cancel(shop.order, user, id)
    t.strictSame([cancelled.statusCode, cancelled.json<Order>().status], [200, 'cancelled'])
    await t.rejects(shop.order.relayOutbox())
    t.strictSame(await eventsOf(id), ['confirmed', 'released'])
    t.equal(await remainingOf(shop, deal.deal_id), 2)
    shop.toProduct.heal()
    await relayed()
    t.equal(await remainingOf(shop, deal.deal_id), 3)
    t.equal(await reservationOf(shop, id), 'released')
  },
)

t.test('a release that is delivered twice takes effect once', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product, 4))
  await shop.order.relayOutbox()
  shop.toProduct.once('release', losesTheAnswer)
  t.equal((await cancel(shop.order, user, id)).statusCode, 200)
  t.strictSame([await eventsOf(id), await stockOf(shop, product)], [['released'], 10])
  await relayed()
  t.equal(shop.toProduct.calls('release').length, 2)
  t.equal(await stockOf(shop, product), 10)
})

t.test('a confirmation after the release has no effect', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  await cancel(shop.order, user, id)
  t.strictSame(await eventsOf(id), ['confirmed'], 'the release was acknowledged at once')
  await relayed()
  t.equal(await reservationOf(shop, id), 'released')
  t.equal(await stockOf(shop, product), 10)
})

t.test('an event that product rejects does not delay the others', async (t) => {
  const product = await offerProduct(shop)
  const ids = await Promise.all([1, 2, 3].map(() => bought(shop, user, units(product))))
  await shop.order.relayOutbox()
  shop.toProduct.on('release', refuses)
  for (const { id } of ids) await cancel(shop.order, user, id)
  shop.toProduct.heal()
  shop.toProduct.once('release', fails)
  await t.rejects(shop.order.relayOutbox(), { code: 'SERVICE_UNAVAILABLE' })
  t.equal(await stockOf(shop, product), 9)
  await relayed()
  t.equal(await stockOf(shop, product), 10)
})

t.test('one round delivers any number of due events', async (t) => {
  await shop.sql`
    insert into orders.outbox (order_id, kind)
    select gen_random_uuid(), 'confirmed' from generate_series(1, 250)`
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  await shop.order.relayOutbox()
  t.equal(await waiting(), 0)
  t.equal(await reservationOf(shop, id), 'confirmed')
})

/** Forces unusual plans, which PostgreSQL may choose when its statistics change. */
const plannedOtherwise = async (t: Test) => {
  const database = new URL(shop.database.adminUrl).pathname.slice(1)
  for (const way of ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material'])
    await shop.sql.unsafe(
      `alter role order_service in database ${database} set enable_${way} = off`,
    )
  return orderBeside(t, shop)
}

t.test('a round is not larger than product accepts, with any plan of PostgreSQL', async (t) => {
  const other = await plannedOtherwise(t)
  await shop.sql`
    insert into orders.outbox (order_id, kind)
    select gen_random_uuid(), 'confirmed' from generate_series(1, 250)`
  await other.relayOutbox()
  // The relay of the shop's own order may have taken some of them by then.
  await until(async () => (await waiting()) === 0)
  t.equal(Math.max(...toldInRounds().map(({ length }) => length)), 100)
})

/** Events about orders that product does not know, as many as several rounds take. */
const backlog = () => shop.sql`
  insert into orders.outbox (order_id, kind)
  select gen_random_uuid(), 'confirmed' from generate_series(1, 250)`

t.test('a stopping relay starts no further batch and aborts its call', async (t) => {
  await backlog()
  const [held, stopping] = [new Held(), new AbortController()]
  shop.toProduct.on('confirm', held.request)
  const round = shop.order.relayOutbox(stopping.signal)
  await held.reached
  stopping.abort()
  await t.rejects(round, { code: 'SERVICE_UNAVAILABLE' })
  t.equal(shop.toProduct.calls('confirm').length, 1)
  t.equal(await waiting(), 250, 'unacknowledged events are retried')
  held.letGo()
  shop.toProduct.heal()
  await relayed()
})

t.test('order stops in time with a backlog and a slow product', async (t) => {
  await backlog()
  const [slow, first] = [new Held(), Promise.withResolvers<void>()]
  shop.toProduct.on('confirm', (forward) => {
    first.resolve()
    return slow.request(forward)
  })
  const other = await orderBeside(t, shop, { RELAY_INTERVAL_MS: '20' })
  await first.promise
  const closed = other.close()
  await closed
  t.equal(shop.toProduct.calls('confirm').length, 1, 'there was no response yet')
  slow.letGo()
  shop.toProduct.heal()
  await relayed()
})

t.test('two instances share the events', async (t) => {
  const other = await orderBeside(t, shop)
  const product = await offerProduct(shop, { stock: 20 })
  const ids = await Promise.all(
    Array.from({ length: 20 }, () => bought(shop, user, units(product))),
  )
  await Promise.all([shop.order.relayOutbox(), other.relayOutbox(), shop.order.relayOutbox()])
  t.equal(await waiting(), 0)
  t.strictSame(toldInRounds().flat().sort(), ids.map(({ id }) => id).sort(), 'once each')
})

t.test('an order and its event are stored together or not at all', async (t) => {
  const product = await offerProduct(shop)
  await shop.sql`revoke insert on orders.outbox from order_service`
  await t.rejects(bought(shop, user, units(product)), { message: /INTERNAL_ERROR/ })
  await shop.sql`grant insert on orders.outbox to order_service`
  t.equal(await stockOf(shop, product), 10)
  const { id } = await bought(shop, user, units(product))
  await shop.sql`revoke insert on orders.outbox from order_service`
  t.equal((await cancel(shop.order, user, id)).statusCode, 500)
  await shop.sql`grant insert on orders.outbox to order_service`
  t.equal(await stockOf(shop, product), 9)
  t.equal((await cancel(shop.order, user, id)).statusCode, 200, 'it was not cancelled before')
  t.equal(await stockOf(shop, product), 10)
})

/** Makes the commit of every cancellation fail, as if the server crashed during it. */
const breakCancellations = async () => {
  await shop.sql`create function orders.break_commit() returns trigger language plpgsql as
    $$ begin raise exception 'no commit' using errcode = '53100'; end $$`
  await shop.sql`create constraint trigger break_commit after update on orders.orders
    deferrable initially deferred for each row when (new.status = 'cancelled')
    execute function orders.break_commit()`
}

t.test('a cancellation that is not committed releases nothing, then or later', async (t) => {
  const product = await offerProduct(shop)
  const { id } = await bought(shop, user, units(product))
  await breakCancellations()
  t.equal((await cancel(shop.order, user, id)).statusCode, 503)
  await shop.sql`drop function orders.break_commit cascade`
  t.strictSame(await eventsOf(id), ['confirmed'])
  await relayed()
  t.strictSame([await reservationOf(shop, id), await stockOf(shop, product)], ['confirmed', 9])
})

t.test('afterwards every invariant holds', async (t) => {
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

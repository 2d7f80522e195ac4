import { randomUUID } from 'node:crypto'
import { Deadline } from '@flash-deal/service'
import { until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  brokenInvariants,
  buy,
  type Order,
  offerDeal,
  openShop,
  read,
  type Shop,
  settle,
} from '../../../test/order-and-product.ts'
import { refusedWith } from '../../../test/refused.ts'
import type { Attempt } from '../../domain/attempt.ts'

/** Guarantees that batches must not change; the tests in test/ run with both variants. */

const open = (t: Test, order: Record<string, string> = {}): Promise<Shop> =>
  openShop(t, { order, scenarios: { M1: 'optimized', M8: 'optimized', H1: 'optimized' } })

const witness = async ({ order }: Shop): Promise<{ batch: number; batched: number }> => {
  const page = await order.metrics.metrics()
  const of = (event: string) =>
    Number(page.match(new RegExp(`scenario="M8",event="${event}"} (\\d+)`))?.[1])
  return { batch: of('batch'), batched: of('batched') }
}

const buyTogether = async (shop: Shop, count: number, key?: string) => {
  const deal = await offerDeal(shop, { deal_stock: count })
  const buyers = Array.from({ length: count }, () => randomUUID())
  const answers = await Promise.all(
    buyers.map((buyer) => buy(shop.order, buyer, { items: [deal] }, key)),
  )
  return answers.map((answer, index) => ({ answer, buyer: buyers[index] ?? '' }))
}

t.test('concurrent orders are inserted by few statements, with unchanged responses', async (t) => {
  const shop = await open(t)
  const bought = await buyTogether(shop, 60, 'cart-1')
  for (const { buyer, answer } of bought) {
    t.equal(answer.statusCode, 201, answer.body)
    const order = answer.json<Order>()
    const seen = await read(shop.order, buyer, order.id)
    t.strictSame(seen.json(), order, 'it is read as it was answered')
  }
  const { batch, batched } = await witness(shop)
  t.equal(batched, 60)
  t.ok(batch < 30, `${batch} statements`)
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

t.test('a single order is inserted immediately', async (t) => {
  const shop = await open(t)
  const [only] = await buyTogether(shop, 1)
  t.equal(only?.answer.statusCode, 201)
  t.strictSame(await witness(shop), { batch: 1, batched: 1 })
})

t.test('an order that cannot be inserted does not affect the others', async (t) => {
  const shop = await open(t)
  await shop.sql.unsafe(`
    create function orders.refuse() returns trigger language plpgsql as
      $$ begin raise 'not this one' using errcode = 'check_violation'; end $$;
    create trigger refuse before insert on orders.order_items
      for each row when (new.quantity = 3) execute function orders.refuse()`)
  const deal = await offerDeal(shop, { deal_stock: 100 })
  const quantities = [1, 2, 3, 1, 2, 3, 1, 2]
  const answers = await Promise.all(
    quantities.map((quantity) => buy(shop.order, randomUUID(), { items: [{ ...deal, quantity }] })),
  )
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    quantities.map((quantity) => (quantity === 3 ? 500 : 201)),
  )
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

const attemptWith = (
  { db }: FastifyInstance,
  orderId: string,
  { key, ms = 10_000 }: { key?: string; ms?: number } = {},
): Attempt => {
  const deadline = Deadline.in(ms)
  return { ...attemptOf(orderId, key), deadline, db: db.by(deadline) }
}

const attemptOf = (orderId: string, key: string | undefined) => ({
  orderId,
  userId: randomUUID(),
  draft: { lines: [], shippingAddress: null },
  key,
  serialize: ({ id }: { id: string }) => id,
  trace: {},
})

t.test('an id becomes an order at most once, and never if it is void', async (t) => {
  const { order, sql } = await open(t)
  const [twice, gone, other] = [randomUUID(), randomUUID(), randomUUID()]
  await sql`insert into orders.orders (id, status) values (${gone}, 'void')`
  const results = await Promise.allSettled(
    [twice, gone, twice, other].map((id) => order.storeOrder(attemptWith(order, id), [])),
  )
  t.match(results, [
    { status: 'fulfilled', value: twice },
    { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } },
    { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } },
    { status: 'fulfilled', value: other },
  ])
  await t.rejects(order.storeOrder(attemptWith(order, gone, { key: 'cart-1' }), []), {
    code: 'IDEMPOTENCY_IN_PROGRESS',
  })
})

t.test('orders are stored even if a deadlock aborts their batch', async (t) => {
  const { order, sql } = await open(t)
  const [first = '', second = '', third = ''] = [1, 2, 3].map(() => randomUUID()).sort()
  const isWaiting = async () => {
    const [row] = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    return row !== undefined
  }
  const tooLate = ['rejected', 'rejected', 'fulfilled']
  const stored = await sql.begin(async (tx) => {
    // So that PostgreSQL aborts the batch and not this transaction.
    await tx`set local deadlock_timeout = '10s'`
    await tx`insert into orders.orders (id, status) values (${second}, 'void')`
    const batch = [first, second, third].map((id) => order.storeOrder(attemptWith(order, id), []))
    const settled = Promise.allSettled(batch)
    await until(isWaiting)
    await tx`insert into orders.orders (id, status) values (${first}, 'void')`
    // Not awaited here: it waits for this transaction.
    return () => settled
  })
  t.strictSame(
    (await stored()).map(({ status }) => status),
    tooLate,
  )
  const rows = await sql`select id from orders.orders where status = 'confirmed'`
  t.strictSame([...rows], [{ id: third }])
})

t.test('orders beyond the queue get 503, and nothing of them is stored', async (t) => {
  const shop = await open(t, { QUERY_QUEUE_MAX: '10' })
  const bought = await buyTogether(shop, 60)
  const shed = bought.filter(({ answer }) => answer.statusCode !== 201)
  t.ok(shed.length > 0 && shed.length < 60, `${shed.length} of 60`)
  for (const { answer } of shed) {
    refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE')
    t.ok(answer.headers['retry-after'])
  }
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

t.test('waiting orders are inserted before the process exits', async (t) => {
  const shop = await open(t)
  const ids = Array.from({ length: 20 }, () => randomUUID())
  const stored = Promise.all(
    ids.map((id) => shop.order.storeOrder(attemptWith(shop.order, id), [])),
  )
  await shop.order.close()
  t.strictSame(await stored, ids)
})

t.test('a batch of any size is one statement and one round trip', async (t) => {
  const { order } = await open(t)
  const names: string[] = []
  const { query } = order.db
  order.db.query = <Row>(...args: Parameters<typeof query>) => {
    names.push(args[0].name)
    return (query<Row>).apply(order.db, args)
  }
  order.db.transaction = () => {
    throw new Error('A batch needs no transaction.')
  }
  const ids = Array.from({ length: 5 }, () => randomUUID())
  await Promise.all(ids.map((id) => order.storeOrder(attemptWith(order, id), [])))
  t.strictSame(names, ['order_store'])
})

t.test('an address that looks like the placeholder stays unchanged', async (t) => {
  const shop = await open(t)
  const deal = await offerDeal(shop, { deal_stock: 1 })
  const address = { recipient_name: '1969-12-31T23:59:59.999Z', phone: '010-0000-0000' }
  const shipping_address = { ...address, address: '1 Street', postal_code: '00000' }
  const buyer = randomUUID()
  const answer = await buy(shop.order, buyer, { items: [deal], shipping_address }, 'cart-1')
  t.equal(answer.statusCode, 201, answer.body)
  const again = await buy(shop.order, buyer, { items: [deal], shipping_address }, 'cart-1')
  t.equal(again.body, answer.body, 'the stored answer has the same bytes')
  t.match(answer.json<{ shipping_address: object }>().shipping_address, address)
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import {
  bought,
  brokenInvariants,
  buy,
  callAsService,
  cancel,
  lastReservedId,
  type Order,
  offerProduct,
  openShop,
  orderBeside,
  read,
  reservationOf,
  settle,
  statusOf,
  stockOf,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

/** Two rows at a time, so that every round takes several batches. */
const few = { RETENTION_BATCH: '2', RETENTION_PAUSE_MS: '0' }
const shop = await openShop(t, { order: few, product: few })
const { sql, order, product } = shop

/** Makes all rows older by this number of hours. */
const hoursPass = (hours: number) =>
  sql.unsafe(`
    update orders.claims set lease_until = lease_until - interval '${hours} hours';
    update orders.orders set created_at = created_at - interval '${hours} hours';
    update product.reservations set updated_at = updated_at - interval '${hours} hours'`)

const countOf = async (table: string): Promise<number> => {
  const [row] = await sql.unsafe(`select count(*)::int as rows from ${table}`)
  return row?.rows
}

const deletedFrom = async ({ metrics }: typeof order, table: string): Promise<number> => {
  const name = `retention_deleted_rows_total{table="${table}"} `
  const line = (await metrics.metrics()).split('\n').find((each) => each.startsWith(name))
  return Number(line?.slice(name.length))
}

/** An id that has become void, as after a failed attempt. */
const voidId = async (): Promise<string> => {
  const id = randomUUID()
  await callAsService(order, '/internal/orders/resolve', { order_ids: [id] })
  return id
}

t.test(
  'a key is stored for a day after its last attempt, and then creates a new order',
  async (t) => {
    const [user, wanted] = [randomUUID(), units(await offerProduct(shop))]
    const first = await buy(order, user, wanted, 'cart')
    t.equal(first.statusCode, 201)
    await hoursPass(23)
    await order.deleteOld()
    t.equal((await buy(order, user, wanted, 'cart')).body, first.body, 'the day is not over')
    await hoursPass(2)
    await order.deleteOld()
    const second = await buy(order, user, wanted, 'cart')
    t.equal(second.statusCode, 201)
    t.not(second.json<Order>().id, first.json<Order>().id)
    const { id } = first.json<Order>()
    t.strictSame((await read(order, user, id)).json<Order>().items, first.json<Order>().items)
  },
)

t.test('a key with an active lease is not deleted', async (t) => {
  const [user, wanted] = [randomUUID(), units(await offerProduct(shop))]
  shop.toProduct.once('reservations', async () => undefined)
  shop.toProduct.once('release', async () => undefined)
  await buy(order, user, wanted, 'cart')
  await sql`
    update orders.claims set created_at = now() - interval '1 year', lease_until = now() + interval '1 min'
    where user_id = ${user}`
  await order.deleteOld()
  refusedWith(t, await buy(order, user, wanted, 'cart'), 409, 'IDEMPOTENCY_IN_PROGRESS')
  await sql`update orders.claims set lease_until = now() where user_id = ${user}`
})

t.test('a claim that is deleted while it is read has no effect on the attempt', async (t) => {
  const [user, wanted] = [randomUUID(), units(await offerProduct(shop))]
  await buy(order, user, wanted, 'cart')
  const query = order.db.query.bind(order.db)
  t.teardown(() => Reflect.deleteProperty(order.db, 'query'))
  order.db.query = async (statement, args) => {
    if (statement.name === 'claim_get') await sql`delete from orders.claims where user_id = ${user}`
    return query(statement, args)
  }
  t.equal((await buy(order, user, wanted, 'cart')).statusCode, 201)
})

t.test('a void id that is deleted while it is read becomes void again', async (t) => {
  const id = await voidId()
  const query = order.db.query.bind(order.db)
  t.teardown(() => Reflect.deleteProperty(order.db, 'query'))
  let isDeleted = false
  order.db.query = async (statement, args) => {
    if (statement.name === 'order_list_states' && !isDeleted) {
      isDeleted = true
      await sql`delete from orders.orders where id = ${id}`
    }
    return query(statement, args)
  }
  const answer = await callAsService(order, '/internal/orders/resolve', { order_ids: [id] })
  t.strictSame(answer.json(), { results: [{ order_id: id, outcome: 'void' }] })
  t.equal(await statusOf(shop, id), 'void')
})

t.test('void ids are kept for a day, orders are never deleted', async (t) => {
  const user = randomUUID()
  const { id } = await bought(shop, user, units(await offerProduct(shop)))
  const cancelled = await bought(shop, user, units(await offerProduct(shop)))
  await cancel(order, user, cancelled.id)
  const voided = await voidId()
  await hoursPass(23)
  await order.deleteOld()
  t.equal(await statusOf(shop, voided), 'void')
  await hoursPass(2)
  await order.deleteOld()
  t.strictSame(
    [await statusOf(shop, voided), await statusOf(shop, id), await statusOf(shop, cancelled.id)],
    [undefined, 'confirmed', 'cancelled'],
  )
  await hoursPass(10_000)
  await order.deleteOld()
  for (const each of [id, cancelled.id]) {
    const stored = await read(order, user, each)
    t.equal(stored.json<Order>().items.length, 1)
  }
})

t.test(
  'released reservations are deleted after a day with their lines; a cancellation after a year returns the stock',
  async (t) => {
    const [user, sold] = [randomUUID(), await offerProduct(shop)]
    const [kept, cancelled] = [
      await bought(shop, user, units(sold, 2)),
      await bought(shop, user, units(sold, 3)),
    ]
    await settle(shop)
    await cancel(order, user, cancelled.id)
    await hoursPass(23)
    await product.deleteOld()
    t.equal(await reservationOf(shop, cancelled.id), 'released')
    await hoursPass(8_760)
    await product.deleteOld()
    t.strictSame(
      [await reservationOf(shop, cancelled.id), await reservationOf(shop, kept.id)],
      [undefined, 'confirmed'],
    )
    const lines = await sql`select from product.reservation_lines where order_id = ${cancelled.id}`
    t.equal(lines.length, 0)
    t.equal(await stockOf(shop, sold), 8)
    t.equal((await cancel(order, user, kept.id)).statusCode, 200)
    t.equal(await stockOf(shop, sold), 10)
    for (const { id } of [kept, cancelled]) {
      await callAsService(product, `/internal/reservations/${id}/release`)
    }
    t.equal(await stockOf(shop, sold), 10, 'no stock is returned twice')
  },
)

t.test(
  'an attempt can be repeated after its claim, void id and reservation are deleted',
  async (t) => {
    const [user, sold] = [randomUUID(), await offerProduct(shop, { stock: 1 })]
    shop.toProduct.once('reservations', async (forward) => {
      await forward()
      return undefined
    })
    t.equal((await buy(order, user, units(sold), 'cart')).statusCode, 503)
    const id = lastReservedId(shop)
    t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], ['void', 'released'])
    await hoursPass(25)
    await Promise.all([order.deleteOld(), product.deleteOld()])
    t.strictSame([await statusOf(shop, id), await reservationOf(shop, id)], [undefined, undefined])
    t.equal((await buy(order, user, units(sold), 'cart')).statusCode, 201)
    t.equal(await stockOf(shop, sold), 0)
  },
)

t.test('several instances can delete concurrently, and each row is counted once', async (t) => {
  const other = await orderBeside(t, shop, few)
  await hoursPass(25)
  await order.deleteOld()
  const before = [await deletedFrom(order, 'void_orders'), await countOf('orders.orders')] as const
  await Promise.all(Array.from({ length: 25 }, voidId))
  await hoursPass(25)
  await Promise.all([order.deleteOld(), other.deleteOld(), order.deleteOld()])
  const counted =
    (await deletedFrom(order, 'void_orders')) + (await deletedFrom(other, 'void_orders'))
  t.strictSame([counted - before[0], await countOf('orders.orders')], [25, before[1]])
})

t.test('old rows are found by an index', async (t) => {
  const indexes = [
    ['orders.claims', 'lease_until < now() order by lease_until', 'claims_lease_until_idx'],
    [
      'orders.orders',
      "status = 'void' and created_at < now() order by created_at",
      'orders_void_created_at_idx',
    ],
    [
      'product.reservations',
      "state = 'released' and updated_at < now() order by updated_at",
      'reservations_released_updated_at_idx',
    ],
  ]
  await sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`
    await tx`set local enable_sort = off`
    for (const [table, where, index] of indexes) {
      const plan = await tx.unsafe(`explain select from ${table} where ${where} limit 2`)
      t.match(JSON.stringify(plan), `using ${index}`)
    }
  })
})

t.test('afterwards every invariant holds', async (t) => {
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

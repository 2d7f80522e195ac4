import { randomUUID } from 'node:crypto'
import { asService, asUser, eachVariant } from '@flash-deal/testing'
import t from 'tap'
import {
  bought,
  buy,
  callAsService,
  lastReservedId,
  type Order,
  type OrderPage,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  units,
} from './order-and-product.ts'
import { refusedWith } from './refused.ts'

const shop = await openShop(t)

const list = (userId: string, query: Record<string, string> = {}, app = shop.order) =>
  app.inject({ url: '/orders', query, headers: asUser(userId) })

const pageOf = async (userId: string, query: Record<string, string> = {}): Promise<OrderPage> => {
  const answer = await list(userId, query)
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<OrderPage>()
}

const idsOf = ({ items }: OrderPage): string[] => items.map(({ id }) => id)

/** Orders of a new buyer, newest first. */
const buyerWith = async (count: number): Promise<{ user: string; orders: Order[] }> => {
  const user = randomUUID()
  const product = await offerProduct(shop, { stock: count })
  const orders: Order[] = []
  for (let made = 0; made < count; made += 1)
    orders.unshift(await bought(shop, user, units(product)))
  return { user, orders }
}

for (const variant of eachVariant('E4')) {
  t.test(
    `E4 ${variant}: the user's orders are listed with their items, newest first`,
    async (t) => {
      const app = await orderBeside(t, shop, {}, { E4: variant })
      const user = randomUUID()
      const product_id = await offerProduct(shop)
      const several = { items: [...units(product_id, 2).items, await offerDeal(shop)] }
      const address = {
        recipient_name: 'A',
        phone: '01012345678',
        address: 'B',
        address_detail: null,
        postal_code: '04524',
      }
      const first = await bought(shop, user, several)
      const second = await bought(shop, user, { ...units(product_id), shipping_address: address })
      const third = await bought(shop, user, several)
      const answer = await list(user, {}, app)
      t.equal(answer.statusCode, 200)
      t.match(answer.headers['content-type'], /^application\/json/)
      t.strictSame(answer.json(), { items: [third, second, first], total: 3, page: 1, size: 20 })
    },
  )
}

t.test('a user without orders gets an empty page', async (t) => {
  t.strictSame(await pageOf(randomUUID()), { items: [], total: 0, page: 1, size: 20 })
})

t.test("other users' orders are never listed", async (t) => {
  const one = await buyerWith(2)
  const two = await buyerWith(1)
  t.strictSame((await pageOf(one.user)).items, one.orders)
  t.strictSame((await pageOf(two.user)).items, two.orders)
})

t.test('void ids are never listed', async (t) => {
  const { user, orders } = await buyerWith(1)
  const sold = await offerProduct(shop, { stock: 0 })
  await buy(shop.order, user, units(sold), 'a key')
  await callAsService(shop.order, '/internal/orders/resolve', { order_ids: [randomUUID()] })
  const page = await pageOf(user)
  t.strictSame([page.items, page.total], [orders, 1])
  const [row] = await shop.sql`select status from orders.orders where id = ${lastReservedId(shop)}`
  t.strictSame(row, { status: 'void' })
})

t.test('pages have no gaps and no repetitions', async (t) => {
  const { user, orders } = await buyerWith(5)
  for (const [page, from] of [
    [1, 0],
    [2, 2],
    [3, 4],
    [4, 6],
  ] as const) {
    const expected = { items: orders.slice(from, from + 2), total: 5, page, size: 2 }
    t.strictSame(await pageOf(user, { page: String(page), size: '2' }), expected)
  }
})

t.test('orders with the same time have a stable order across pages', async (t) => {
  const { user, orders } = await buyerWith(5)
  await shop.sql`update orders.orders set created_at = '2026-01-01' where user_id = ${user}`
  const ids: string[] = []
  for (const page of ['1', '2', '3', '4', '5'])
    ids.push(...idsOf(await pageOf(user, { page, size: '1' })))
  t.strictSame(ids.sort(), orders.map(({ id }) => id).sort())
})

t.test('page and size have bounds', async (t) => {
  const { user, orders } = await buyerWith(1)
  for (const query of [
    { page: '1', size: '1' },
    { page: '1', size: '100' },
  ]) {
    t.match(await pageOf(user, query), { items: orders, size: Number(query.size) })
  }
  t.strictSame((await pageOf(user, { page: '2147483647', size: '100' })).items, [])
  for (const [name, value] of [
    ...['0', '-1', '1.5', 'x', '', '2147483648', '1e999'].map((value) => ['page', value] as const),
    ...['0', '101', '-1', '2.5', 'ten', ''].map((value) => ['size', value] as const),
  ]) {
    refusedWith(t, await list(user, { [name]: value }), 422, 'VALIDATION_ERROR', [name])
  }
})

t.test('orders can be filtered by status', async (t) => {
  const { user, orders } = await buyerWith(7)
  const statuses = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'rejected']
  for (const [index, status] of statuses.entries()) {
    const id = String(orders[index]?.id)
    await shop.sql`update orders.orders set status = ${status} where id = ${id}`
  }
  for (const [index, status] of statuses.entries()) {
    const { items, total } = await pageOf(user, { status })
    const expected = [orders[index], ...(status === 'confirmed' ? [orders[6]] : [])].map(
      (order) => order?.id,
    )
    const found = items.map(({ id }) => id)
    t.strictSame([found, total], [expected, expected.length])
    t.ok(items.every((order) => order.status === status))
  }
  for (const status of ['void', 'CONFIRMED', 'paid', '']) {
    refusedWith(t, await list(user, { status }), 422, 'VALIDATION_ERROR', ['status'])
  }
})

t.test('orders can be filtered by a range of time, both ends included', async (t) => {
  const { user, orders } = await buyerWith(3)
  const times = ['2026-03-03T00:00:00.000Z', '2026-02-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z']
  for (const [index, at] of times.entries()) {
    await shop.sql`update orders.orders set created_at = ${at} where id = ${String(orders[index]?.id)}`
  }
  const [newest, middle, oldest] = orders.map(({ id }) => id)
  const spans: [Record<string, string>, (string | undefined)[]][] = [
    [{ created_from: '2026-02-02T00:00:00.000Z' }, [newest, middle]],
    [{ created_from: '2026-02-02T00:00:00.001Z' }, [newest]],
    [{ created_to: '2026-02-02T00:00:00.000Z' }, [middle, oldest]],
    [{ created_to: '2026-02-01T23:59:59.999Z' }, [oldest]],
    [{ created_from: '2026-02-02T09:00:00+09:00', created_to: '2026-02-02T00:00:00Z' }, [middle]],
    [{ created_from: '2026-03-01T00:00:00Z', created_to: '2026-01-01T00:00:00Z' }, []],
    [{ created_from: '2026-01-01T00:00:00Z', status: 'cancelled' }, []],
  ]
  for (const [query, expected] of spans) {
    const page = await pageOf(user, query)
    t.strictSame([idsOf(page), page.total], [expected, expected.length], JSON.stringify(query))
  }
})

t.test('an invalid time is rejected', async (t) => {
  const times = ['yesterday', '2026-01-01', '2026-13-01T00:00:00Z', '0000-01-01T00:00:00Z', '1', '']
  for (const name of ['created_from', 'created_to']) {
    for (const value of times) {
      const answer = await list(randomUUID(), { [name]: value })
      refusedWith(t, answer, 422, 'VALIDATION_ERROR', [name])
    }
  }
})

t.test('a request without a user is rejected', async (t) => {
  for (const headers of [{}, { 'x-user-id': randomUUID() }, asService()]) {
    refusedWith(t, await shop.order.inject({ url: '/orders', headers }), 401, 'UNAUTHORIZED')
  }
})

import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import type { Statement } from '@flash-deal/db'
import { asUser, eachVariant } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  bought,
  cancel,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  units,
} from '../../../test/order-and-product.ts'

/** The baseline, whose responses all variants must return. */
const shop = await openShop(t)

const withVariant = (t: Test, E4: VariantOf<'E4'>): Promise<FastifyInstance> =>
  orderBeside(t, shop, {}, { E4 })

const list = async (app: FastifyInstance, userId: string, query: Record<string, string> = {}) => {
  const answer = await app.inject({ url: '/orders', query, headers: asUser(userId) })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer
}

/** Items whose values JSON could change: special characters, large amounts, no deal. */
const lines = [
  { name: 'Quote " backslash \\ slash / tab \t line \n null \u2028 emoji 🎧', price: 0 },
  { name: '한빛 헤드폰', price: 1_000_000_000_000 },
  { name: '{"id": null}', price: 7 },
]

const buyer = randomUUID()
const products: string[] = []
for (const line of lines) products.push(await offerProduct(shop, { ...line, stock: 100 }))
const deal = await offerDeal(shop)
const item = (product_id = '', quantity = 1) => ({ product_id, quantity })
const carts = [
  [item(products[1], 3), item(products[0], 2), deal, item(products[2])],
  [deal],
  [item(products[2]), item(products[1])],
  [item(products[0], 10)],
  [item(products[2]), item(products[0]), item(products[1])],
]
for (const items of carts) await bought(shop, buyer, { items })
const { id } = await bought(shop, buyer, units(products[1] ?? ''))
await cancel(shop.order, buyer, id, { reason: 'Too dear.' })
await bought(shop, randomUUID(), units(products[0] ?? ''))
for (const address_detail of [undefined, '101동 "1" \\ 2\n3호']) {
  await bought(shop, buyer, {
    items: [deal],
    shipping_address: {
      recipient_name: '김 "민아"',
      phone: '010-1234-5678',
      address: '서울시 \u007f \u0001',
      postal_code: '01234',
      ...(address_detail && { address_detail }),
    },
  })
}

const questions: Record<string, string>[] = [
  {},
  { size: '1' },
  { size: '2', page: '2' },
  { size: '4', page: '2' },
  { size: '100', page: '7' },
  { status: 'cancelled' },
  { status: 'delivered' },
  { created_from: '2020-01-01T00:00:00Z', created_to: '2100-01-01T00:00:00Z', size: '3' },
  { created_to: '2020-01-01T00:00:00Z', size: '7' },
]

/** Orders with the same time, which are ordered by id. */
const sameMoment = randomUUID()
for (const _ of [1, 2, 3, 4]) await bought(shop, sameMoment, units(products[2] ?? ''))
await shop.sql`update orders.orders set created_at = '2026-01-01' where user_id = ${sameMoment}`

/** The names of the statements that a request runs. */
const statementsOf = async (t: Test, { db }: FastifyInstance, work: () => Promise<unknown>) => {
  const names: string[] = []
  const query = db.query.bind(db)
  const value = (statement: Statement, args: readonly unknown[]) => {
    names.push(statement.name)
    return query(statement, args)
  }
  const { restore } = t.intercept(db, 'query', { value })
  await work()
  restore()
  return names.sort()
}

const times = (count: number, name: string): string[] => Array(count).fill(name)

/** The statements for a page of eight orders, and of none. */
const expected = {
  baseline: [
    [...times(8, 'item_list'), 'order_count', 'order_list'],
    ['order_count', 'order_list'],
  ],
  optimized: [['order_page'], ['order_page']],
  joined: [
    ['order_count', 'order_list_with_items'],
    ['order_count', 'order_list_with_items'],
  ],
  batch: [
    ['item_list_each', 'order_count', 'order_list'],
    ['order_count', 'order_list'],
  ],
} satisfies Record<VariantOf<'E4'>, string[][]>

/** The witnesses of a page of eight orders. */
const counted = {
  baseline: 'item_query"} 8',
  optimized: 'json"} 1',
  joined: 'joined"} 1',
  batch: 'batch_query"} 1',
} satisfies Record<VariantOf<'E4'>, string>

for (const variant of eachVariant('E4')) {
  t.test(`${variant}: every page is, byte for byte, that of the baseline`, async (t) => {
    const app = await withVariant(t, variant)
    const bodies = new Set<string>()
    for (const query of questions) {
      const { body, headers } = await list(shop.order, buyer, query)
      bodies.add(body)
      const own = await list(app, buyer, query)
      t.strictSame([own.body, own.headers['content-type']], [body, headers['content-type']])
    }
    t.equal(bodies.size, questions.length, 'all are different')
  })

  t.test(`${variant}: orders with the same time have a stable order`, async (t) => {
    const app = await withVariant(t, variant)
    for (const page of ['1', '2']) {
      const query = { size: '2', page }
      const { body } = await list(shop.order, sameMoment, query)
      t.equal((await list(app, sameMoment, query)).body, body)
    }
  })

  t.test(`${variant}: a page takes the documented number of statements`, async (t) => {
    const app = await withVariant(t, variant)
    const [ofEight, ofNone] = expected[variant]
    t.strictSame(await statementsOf(t, app, () => list(app, buyer)), ofEight)
    t.strictSame(await statementsOf(t, app, () => list(app, randomUUID())), ofNone)
  })

  t.test(`${variant}: its counter shows that it worked`, async (t) => {
    const app = await withVariant(t, variant)
    await list(app, buyer)
    t.match(
      await app.metrics.metrics(),
      `scenario_witness_total{scenario="E4",event="${counted[variant]}\n`,
    )
  })
}

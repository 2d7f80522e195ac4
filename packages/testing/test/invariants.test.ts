import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Check, checkInvariants, type Finding } from '../src/invariants/index.ts'
import {
  addDeal,
  addEvent,
  addProduct,
  addVoid,
  answerOf,
  emptyBooks,
  giveBack,
  openBooks,
  purchase,
  takeBack,
} from './books.ts'

/** Each planted state violates exactly the invariants that the checker must report. */

const books = await openBooks(t)
const { sql } = books
const { PRODUCT_DATABASE_URL: productUrl, ORDER_DATABASE_URL: orderUrl } = books.database.urls

type Asked = Partial<Check>

const check = (asked: Asked = {}): Promise<Finding[]> =>
  checkInvariants({ productUrl, orderUrl, atRest: true, ...asked })

const brokenOf = (findings: readonly Finding[]): string[] =>
  findings.filter(({ holds }) => !holds).map(({ id }) => id)

/** A shop after a day of all kinds of business, in which all is well. */
const openHealthy = async () => {
  await emptyBooks(books)
  const [user, other] = [randomUUID(), randomUUID()]
  const product = await addProduct(books, 20)
  const deal = await addDeal(books, product, 10, 2)
  const inDeal = { user, product, deal, units: 2, key: 'cart-1' }
  const id = await purchase(books, inDeal)
  await purchase(books, { user: other, product, deal, status: 'shipped' })
  const ofProduct = await purchase(books, { user, product, units: 3, key: 'cart-2' })
  const cancelled = await purchase(books, { user: other, product, deal, key: 'cart-1' })
  await takeBack(books, cancelled)
  await sql`insert into orders.claims (user_id, key, body_digest, order_id, lease_until)
    values (${other}, 'refused', '', ${randomUUID()}, now())`
  await closedDeal(product, user)
  const voided = await addVoid(books)
  return { user, other, product, deal, inDeal, id, ofProduct, cancelled, voided }
}

type Shop = Awaited<ReturnType<typeof openHealthy>>

const closedDeal = async (product: string, user: string): Promise<void> => {
  const deal = await addDeal(books, product, 5)
  await purchase(books, { user, product, deal })
  await sql`update product.deals set moved_back = remaining_stock, remaining_stock = 0,
    closed_at = now() where id = ${deal}`
}

const healthy = { 'at rest': true, 'in motion': false }
for (const [when, atRest] of Object.entries(healthy)) {
  t.test(`without faults every invariant holds, ${when}`, async (t) => {
    const { id, inDeal } = await openHealthy()
    const acknowledged = [{ orderId: id, key: 'cart-1', answer: answerOf(id, inDeal) }]
    const findings = await check({ atRest, acknowledged })
    t.strictSame(brokenOf(findings), [])
    t.strictSame(
      findings.map((each) => each.id),
      ['I1', 'I2', 'I2b', 'I3', 'I4', 'I5', 'I6', 'I7', 'I7b'],
    )
    const figures = Object.assign({}, ...findings.map((each) => each.figures))
    t.match(figures, { allocated: 15, remaining: 7, 'moved back': 4, supplied: 20, stock: 17 })
    t.match(figures, { claims: 4, answered: 3, acknowledged: 3, orders: 5, voids: 1 })
  })
}

t.test('every invariant holds for empty tables', async (t) => {
  await emptyBooks(books)
  t.strictSame(brokenOf(await check()), [])
})

type Planted = {
  bug: string
  broken: readonly string[]
  /** Returns additional options of the check. */
  plant: (shop: Shop) => Promise<Asked | unknown>
}

/** Sells so much that the deal of ten has one unit less than none. */
const oversell = async ({ product, deal }: Shop) => {
  for (let sold = 0; sold < 4; sold += 1) {
    await purchase(books, { user: randomUUID(), product, deal, units: 2 })
  }
}

const restock = ({ deal }: Shop, units: number) =>
  sql`update product.deals set remaining_stock = remaining_stock + ${units} where id = ${deal}`

const planted: Planted[] = [
  { bug: 'a deal sold below zero', broken: ['I1'], plant: oversell },
  {
    bug: 'a deal that is sold twice, because decrements were lost',
    broken: ['I1', 'I2'],
    plant: async (shop) => {
      await oversell(shop)
      await restock(shop, 3)
    },
  },
  {
    bug: 'one lost decrement, with enough stock',
    broken: ['I2'],
    plant: async (shop) => {
      await purchase(books, { ...shop.inDeal, user: randomUUID(), key: 'of another' })
      await restock(shop, 2)
    },
  },
  {
    bug: 'a product sold below zero',
    broken: ['I1'],
    plant: ({ user, product }) => purchase(books, { user, product, units: 18 }),
  },
  {
    bug: 'orders for more units of a product than exist',
    broken: ['I1', 'I7'],
    plant: ({ user, product }) => purchase(books, { user, product, units: 18, state: null }),
  },
  { bug: 'a unit of a deal that vanished', broken: ['I2'], plant: (shop) => restock(shop, -1) },
  {
    bug: 'a lost unit of a product',
    broken: ['I2'],
    plant: ({ product }) =>
      sql`update product.products set stock = stock - 1 where id = ${product}`,
  },
  {
    bug: 'the remaining units of a closed deal, moved back twice',
    broken: ['I2'],
    plant: () => sql`update product.deals set moved_back = 8 where moved_back = 4`,
  },
  {
    bug: 'a release that took effect twice',
    broken: ['I2', 'I2b'],
    plant: ({ cancelled }) => giveBack(books, cancelled),
  },
  {
    bug: 'a buyer whose count is lower than the units that they bought',
    broken: ['I2b'],
    plant: ({ user }) => sql`update product.deal_buyers set units = 1 where user_id = ${user}
      and units = 2`,
  },
  {
    bug: 'a buyer without a count',
    broken: ['I2b'],
    plant: ({ user }) => sql`delete from product.deal_buyers where user_id = ${user}`,
  },
  {
    bug: 'a key with a stored response whose order was not committed',
    broken: ['I3'],
    plant: ({ inDeal }) => purchase(books, { ...inDeal, key: 'lost', status: null, state: null }),
  },
  {
    bug: 'a response without a stored order',
    broken: ['I3'],
    plant: async () => ({ acknowledged: [{ orderId: randomUUID() }] }),
  },
  {
    bug: 'a response that a client received for an order that is void',
    broken: ['I3'],
    plant: async ({ voided }) => ({ acknowledged: [{ orderId: voided }] }),
  },
  {
    bug: 'an order that is confirmed in its response and rejected in the table',
    broken: ['I3'],
    plant: ({ cancelled }) =>
      sql`update orders.orders set status = 'rejected' where id = ${cancelled}`,
  },
  {
    bug: 'an order with another total than in its response',
    broken: ['I3'],
    plant: ({ id }) => sql`update orders.orders set total_amount = 1 where id = ${id}`,
  },
  {
    bug: 'an order with fewer items than in the response that a client received',
    broken: ['I3'],
    plant: async ({ ofProduct: orderId, user, product }) => {
      const { items, ...answer } = answerOf(orderId, { user, product, units: 3 })
      return { acknowledged: [{ orderId, answer: { ...answer, items: [...items, ...items] } }] }
    },
  },
  {
    bug: 'two orders under one key, because it was not unique',
    broken: ['I4'],
    plant: ({ user, product }) => purchase(books, { user, product, key: 'cart-1' }),
  },
  {
    bug: 'two orders under one key, one of them only in a response to a client',
    broken: ['I4'],
    plant: async ({ user, product, id }) => {
      const second = await purchase(books, { user, product })
      return { acknowledged: [id, second].map((orderId) => ({ orderId, key: 'cart-1' })) }
    },
  },
  {
    bug: 'a confirmed reservation that was deleted although its order may be cancelled',
    broken: ['I2', 'I2b', 'I7'],
    plant: async ({ id }) => {
      await sql`delete from product.reservation_lines where order_id = ${id}`
      await sql`delete from product.reservations where order_id = ${id}`
    },
  },
  {
    bug: 'two keys for one order',
    broken: ['I4'],
    plant: ({ id }) => sql`insert into orders.claims
      select user_id, 'again', body_digest, order_id, lease_until, answer from orders.claims
      where order_id = ${id}`,
  },
  {
    bug: 'a key whose stored response is another order',
    broken: ['I4'],
    plant: ({ id }) => sql`update orders.claims
      set answer = jsonb_set(answer::jsonb, '{id}', to_jsonb(gen_random_uuid()))
      where order_id = ${id}`,
  },
  {
    bug: 'a key with the order of another user',
    broken: ['I4'],
    plant: ({ id }) =>
      sql`update orders.claims set user_id = gen_random_uuid() where order_id = ${id}`,
  },
  {
    bug: 'a buyer with more than the limit',
    broken: ['I5'],
    plant: ({ user, product, deal }) => purchase(books, { user, product, deal }),
  },
  {
    bug: 'a reservation that is held for longer than its time',
    broken: ['I6'],
    plant: async ({ other, product }) => {
      const pending = { user: other, product, status: 'pending', state: 'held' } as const
      const id = await purchase(books, pending)
      await sql`update product.reservations set expires_at = now() - interval '1 minute'
        where order_id = ${id}`
    },
  },
  {
    bug: 'an order without a reservation',
    broken: ['I7'],
    plant: ({ user, product }) => purchase(books, { user, product, state: null }),
  },
  {
    bug: 'an active order whose reservation was released',
    broken: ['I7'],
    plant: ({ cancelled }) =>
      sql`update orders.orders set status = 'confirmed' where id = ${cancelled}`,
  },
  {
    bug: 'a late insert of an order whose id is void',
    broken: ['I7'],
    plant: ({ voided, user }) => sql`insert into orders.orders (id, user_id, status, total_amount)
      values (${voided}, ${user}, 'confirmed', 700)`,
  },
  {
    bug: 'an order of one buyer with the stock of another',
    broken: ['I7'],
    plant: ({ ofProduct }) => sql`update product.reservations set user_id = gen_random_uuid()
      where order_id = ${ofProduct}`,
  },
  {
    bug: 'an order at another price than was granted',
    broken: ['I7'],
    plant: ({ ofProduct }) => sql`update product.reservation_lines set unit_price = 1
      where order_id = ${ofProduct}`,
  },
  {
    bug: 'a confirmed reservation without an order',
    broken: ['I7'],
    plant: ({ user, product }) => purchase(books, { user, product, status: null }),
  },
  {
    bug: 'a hold without an order, at rest',
    broken: ['I7'],
    plant: ({ user, product }) => purchase(books, { user, product, status: null, state: 'held' }),
  },
  {
    bug: 'confirmed stock of a cancelled order without an event that releases it',
    broken: ['I7'],
    plant: ({ user, product }) => purchase(books, { user, product, status: 'cancelled' }),
  },
  {
    bug: 'held stock of an active order without an event that confirms it',
    broken: ['I7'],
    plant: ({ user, product }) => purchase(books, { user, product, state: 'held' }),
  },
  {
    bug: 'a confirmation that was not delivered',
    broken: ['I7b'],
    plant: async ({ user, product }) =>
      addEvent(books, await purchase(books, { user, product, state: 'held' }), 'confirmed'),
  },
  {
    bug: 'a release that was not delivered',
    broken: ['I7b'],
    plant: async ({ user, product }) =>
      addEvent(books, await purchase(books, { user, product, status: 'cancelled' }), 'released'),
  },
  {
    bug: 'units that were requested and are left over',
    broken: ['I8'],
    plant: async ({ deal }) => ({ demand: new Map([[deal, 10]]) }),
  },
  {
    bug: 'an accepted order that was never decided',
    broken: ['I9'],
    plant: async ({ id, user, product }) => {
      const open = await purchase(books, { user, product, status: 'pending', state: 'held' })
      return { accepted: [id, open] }
    },
  },
  {
    bug: 'an accepted order that is not stored',
    broken: ['I9'],
    plant: async () => ({ accepted: [randomUUID()] }),
  },
]

const askedBy = (planted: unknown): Asked =>
  typeof planted === 'object' && !Array.isArray(planted) ? { ...planted } : {}

for (const { bug, broken, plant } of planted) {
  t.test(`${bug}: ${broken.join(' and ')}`, async (t) => {
    const findings = await check(askedBy(await plant(await openHealthy())))
    t.strictSame(brokenOf(findings), broken)
    for (const { offenders } of findings.filter(({ holds }) => !holds)) {
      t.match(offenders[0], /[0-9a-f]{8}-[0-9a-f]{4}/, 'it names whom it is about')
    }
  })
}

t.test(
  'a key can create another order after its claim was deleted because of its age',
  async (t) => {
    const { inDeal, user, product } = await openHealthy()
    await sql`delete from orders.claims`
    const first = await purchase(books, { user, product })
    const second = await purchase(books, { user, product, key: inDeal.key })
    const acknowledged = [{ orderId: first, key: inDeal.key }]
    const brokenAfter = async (hours: number, claimsKeptMs?: number) => {
      await sql`
      update orders.orders set created_at = now() - ${hours} * interval '1 hour' where id = ${first}`
      return brokenOf(await check({ acknowledged, ...(claimsKeptMs && { claimsKeptMs }) }))
    }
    t.strictSame(await brokenAfter(25), [])
    t.strictSame(await brokenAfter(23), ['I4'])
    t.strictSame(await brokenAfter(25, 172_800_000), ['I4'], 'where they are kept for longer')
    t.not(first, second)
  },
)

t.test('rows deleted because of their age violate nothing', async (t) => {
  const { cancelled, voided } = await openHealthy()
  await sql`delete from product.reservation_lines where order_id = ${cancelled}`
  await sql`delete from product.reservations where order_id in ${sql([cancelled, voided])}`
  await sql`delete from orders.orders where id = ${voided}`
  await sql`delete from orders.claims`
  t.strictSame(brokenOf(await check()), [])
})

t.test('requests in flight violate nothing', async (t) => {
  const { user, product } = await openHealthy()
  await purchase(books, { user, product, status: null, state: 'held' })
  await purchase(books, { user, product, status: 'cancelled' })
  await addEvent(books, await purchase(books, { user, product, state: 'held' }), 'confirmed')
  t.strictSame(brokenOf(await check({ atRest: false })), [])
  t.strictSame(brokenOf(await check()), ['I7', 'I7b'])
})

t.test('a late reservation within the grace is counted and violates nothing', async (t) => {
  const { user, product } = await openHealthy()
  const id = await purchase(books, { user, product, status: 'pending', state: 'held' })
  await sql`update product.reservations set expires_at = now() - interval '5 s'
    where order_id = ${id}`
  const late = async (graceMs: number) =>
    (await check({ patience: { graceMs } })).find((each) => each.id === 'I6')
  t.match(await late(60_000), { holds: true, figures: { 'held reservations': 1, late: 1 } })
  t.match(await late(100), { holds: false })
})

t.test('a deal with less demand than units need not be sold out', async (t) => {
  const { deal, product } = await openHealthy()
  t.strictSame(brokenOf(await check({ demand: new Map([[deal, 9]]) })), [])
  for (const units of [2, 2, 2, 1]) {
    await purchase(books, { user: randomUUID(), product, deal, units })
  }
  const findings = await check({ demand: new Map([[deal, 99]]) })
  t.strictSame(brokenOf(findings), [])
  t.strictSame(findings.at(-1)?.figures, { wanted: 99, sold: 10 })
})

t.test('accepted orders may be confirmed, continue from there, or be rejected', async (t) => {
  const { id, cancelled, user, product } = await openHealthy()
  const rejected = await purchase(books, { user, product, status: 'rejected', state: null })
  const findings = await check({ accepted: [id, cancelled, rejected] })
  t.strictSame(brokenOf(findings), [])
  t.strictSame(findings.at(-1)?.figures, { accepted: 3, confirmed: 2, rejected: 1 })
})

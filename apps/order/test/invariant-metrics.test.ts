import { randomUUID } from 'node:crypto'
import { checkInvariants } from '@flash-deal/testing/invariants'
import t from 'tap'
import { buy, offerDeal, offerProduct, openShop, settle } from './order-and-product.ts'

/**
 * `/metrics` uses separate statements: they must find the same violations as `npm run invariants`.
 */

const shop = await openShop(t)
const { sql, order, product, database } = shop

const productId = await offerProduct(shop, { stock: 20 })
const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 2 })
const buyer = randomUUID()
await buy(order, buyer, { items: [{ ...deal, quantity: 2 }] }, 'first key')
await buy(order, randomUUID(), { items: [{ product_id: productId, quantity: 3 }] }, 'second key')
await settle(shop)

const ofMetrics = ['I1', 'I2', 'I2b', 'I3', 'I4', 'I5']

/** The ids of the violated invariants, by the checker and by both services. */
const found = async () => {
  await Promise.all([order.checkInvariants(), product.checkInvariants()])
  const findings = await checkInvariants({
    productUrl: database.urls.PRODUCT_DATABASE_URL,
    orderUrl: database.urls.ORDER_DATABASE_URL,
    atRest: false,
  })
  const pages = await Promise.all([order.metrics.metrics(), product.metrics.metrics()])
  const samples = pages.join('\n').matchAll(/^invariant_violations\{invariant="(\w+)"\} (\d+)$/gm)
  const counts = Array.from(samples, ([, id = '', count]) => ({ id, count: Number(count) }))
  return {
    byChecker: findings
      .filter(({ id, holds }) => !holds && ofMetrics.includes(id))
      .map(({ id }) => id)
      .sort(),
    byMetrics: counts
      .filter(({ count }) => count > 0)
      .map(({ id }) => id)
      .sort(),
    checked: counts.map(({ id }) => id).sort(),
  }
}

t.test('in correct tables neither the metrics nor the command finds a violation', async (t) => {
  t.strictSame(await found(), { byChecker: [], byMetrics: [], checked: ofMetrics })
})

/** The error, the statement that causes it (1) or repairs it (-1), and the violated invariants. */
const errors: [string, (sign: 1 | -1) => Promise<unknown>, string[]][] = [
  [
    'a unit of a deal is lost',
    (sign) => sql`
      update product.deals set remaining_stock = remaining_stock - ${sign} where id = ${deal.deal_id}`,
    ['I2'],
  ],
  [
    'a unit of a product appears',
    (sign) => sql`
      update product.products set stock = stock + ${sign} where id = ${productId}`,
    ['I2'],
  ],
  [
    'more units of a deal are sold than exist',
    (sign) =>
      sign === 1
        ? sql`update product.deals set deal_stock = 1, remaining_stock = 0 where id = ${deal.deal_id}`
        : sql`update product.deals set deal_stock = 5, remaining_stock = 3 where id = ${deal.deal_id}`,
    ['I1', 'I2'],
  ],
  [
    'more units of a product are sold than were supplied',
    (sign) => sql`
      update product.products set supplied = supplied - ${sign * 18}, stock = stock - ${sign * 17}
      where id = ${productId}`,
    ['I1', 'I2'],
  ],
  [
    "a buyer's units are counted wrong",
    (sign) => sql`update product.deal_buyers set units = units + ${sign} where user_id = ${buyer}`,
    ['I2b'],
  ],
  [
    'a buyer is not counted',
    (sign) =>
      sign === 1
        ? sql`delete from product.deal_buyers where user_id = ${buyer}`
        : sql`insert into product.deal_buyers values (${deal.deal_id}, ${buyer}, 2)`,
    ['I2b'],
  ],
  [
    'a buyer has more than the limit',
    (sign) => sql`
      update product.deals set per_user_limit = per_user_limit - ${sign} where id = ${deal.deal_id}`,
    ['I5'],
  ],
  [
    'an acknowledged order is void',
    (sign) => sql`
      update orders.orders
      set status = ${sign === 1 ? 'void' : 'confirmed'}::orders.order_status
      where user_id = ${buyer}`,
    ['I3'],
  ],
  [
    'a key has the order of another buyer',
    (sign) => sql`
      update orders.claims
      set user_id = ${sign === 1 ? randomUUID() : buyer}
      where key = 'first key'`,
    ['I4'],
  ],
  [
    'two keys belong to one order',
    (sign) =>
      sign === 1
        ? sql`
          insert into orders.claims (user_id, key, body_digest, order_id, lease_until)
          select user_id, 'third key', body_digest, order_id, lease_until
          from orders.claims where key = 'first key'`
        : sql`delete from orders.claims where key = 'third key'`,
    ['I4'],
  ],
]

for (const [what, change, violated] of errors) {
  t.test(`both find it if ${what}`, async (t) => {
    await change(1)
    const { byChecker, byMetrics } = await found()
    await change(-1)
    t.strictSame(byMetrics, violated)
    t.strictSame(byChecker, violated)
  })
}

import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { RequestedLine, ReservationRequest } from '../../../domain/reservation.ts'
import { type BatchStock, decideInOrder } from './decide-in-order.ts'
import { purchaseKey } from './purchases.ts'

const [deal_id, product_id] = [randomUUID(), randomUUID()]
const expires_at = new Date('2026-11-27T03:00:30.000Z')
const [mina, juno] = [randomUUID(), randomUUID()]

const orderWith = (user_id: string, lines: RequestedLine[]): ReservationRequest => ({
  order_id: randomUUID(),
  user_id,
  lines,
})

const orderOf = (user_id: string, quantity: number): ReservationRequest =>
  orderWith(user_id, [{ deal_id, product_id, quantity }])

const dealWith = (remaining_stock: number, per_user_limit: number | null = null) => ({
  id: deal_id,
  product_id,
  deal_price: 500,
  remaining_stock,
  per_user_limit,
  product_name: 'Hot',
  is_active: true,
  bought: 0,
})

const productWith = (stock: number, id = product_id) => ({ id, name: 'Plain', price: 900, stock })

type Rows = Partial<Pick<BatchStock, 'deals' | 'products'>>

/** The outcome of each order, in one word; the ids that are not in `known` are new. */
const decided = (
  requests: readonly ReservationRequest[],
  { deals = [], products = [] }: Rows,
  { bought = 0, known = [] as string[] } = {},
): string[] => {
  const ids = requests.map(({ order_id }) => order_id).filter((id) => !known.includes(id))
  const decisions = decideInOrder(requests, {
    deals,
    products,
    fresh: new Map(ids.map((id) => [id, expires_at])),
    bought: new Map([[purchaseKey({ deal_id, user_id: mina }), bought]]),
  })
  return requests.map((request) => {
    const decision = decisions.get(request) ?? 'nothing'
    if (typeof decision === 'string') return decision
    return 'granted' in decision ? 'granted' : decision.refused.reason
  })
}

t.test('the last units go to the first orders that fit', async (t) => {
  const quantities = [3, 4, 2, 1]
  const expected = ['granted', 'INSUFFICIENT_STOCK', 'granted', 'INSUFFICIENT_STOCK']
  const ofDeal = quantities.map((quantity) => orderOf(mina, quantity))
  t.strictSame(decided(ofDeal, { deals: [dealWith(5)] }), expected)
  const ofProduct = quantities.map((quantity) =>
    orderWith(mina, [{ product_id, deal_id: null, quantity }]),
  )
  t.strictSame(decided(ofProduct, { products: [productWith(5)] }), expected)
})

t.test('a rejected order of several lines takes none of them', async (t) => {
  const other = randomUUID()
  const both = (quantity: number) =>
    orderWith(mina, [
      { product_id, deal_id, quantity: 1 },
      { product_id: other, deal_id: null, quantity },
    ])
  const rows = { deals: [dealWith(2)], products: [productWith(3, other)] }
  t.strictSame(decided([both(4), both(2), both(2), both(1), both(1)], rows), [
    'INSUFFICIENT_STOCK',
    'granted',
    'INSUFFICIENT_STOCK',
    'granted',
    'INSUFFICIENT_STOCK',
  ])
})

t.test('a line with a deal takes nothing from the product', async (t) => {
  const rows = { deals: [dealWith(5)], products: [productWith(1)] }
  const plain = orderWith(mina, [{ product_id, deal_id: null, quantity: 1 }])
  t.strictSame(decided([orderOf(mina, 3), plain, { ...plain }], rows), [
    'granted',
    'granted',
    'known',
  ])
})

t.test('all orders of a buyer count towards the limit', async (t) => {
  const requests = [orderOf(mina, 1), orderOf(mina, 2), orderOf(juno, 3), orderOf(mina, 1)]
  t.strictSame(decided(requests, { deals: [dealWith(9, 3)] }, { bought: 1 }), [
    'granted',
    'PURCHASE_LIMIT_EXCEEDED',
    'granted',
    'granted',
  ])
})

t.test('a granted order has its line and its expiry', async (t) => {
  const request = orderOf(mina, 2)
  const stock = { deals: [dealWith(2)], products: [], bought: new Map() }
  const fresh = new Map([[request.order_id, expires_at]])
  const decisions = decideInOrder([request], { ...stock, fresh })
  const line = { deal_id, product_id, quantity: 2, product_name: 'Hot', unit_price: 500 }
  t.strictSame(decisions.get(request), { granted: [line], expires_at })
})

t.test('a known order id is not decided and takes nothing', async (t) => {
  const [old, fresh] = [orderOf(mina, 1), orderOf(juno, 1)]
  t.strictSame(decided([old, fresh], { deals: [dealWith(1)] }, { known: [old.order_id] }), [
    'known',
    'granted',
  ])
})

t.test('a repeated order id takes its units once', async (t) => {
  const first = orderOf(mina, 1)
  t.strictSame(decided([first, { ...first }, { ...first }], { deals: [dealWith(9)] }), [
    'granted',
    'known',
    'known',
  ])
})

t.test('a repeated rejected order id is decided by the units left at its place', async (t) => {
  const tooMany = orderOf(mina, 2)
  const last = orderOf(juno, 1)
  const requests = [tooMany, { ...tooMany }, last, { ...tooMany }]
  t.strictSame(decided(requests, { deals: [dealWith(2, 1)] }), [
    'PURCHASE_LIMIT_EXCEEDED',
    'PURCHASE_LIMIT_EXCEEDED',
    'granted',
    'INSUFFICIENT_STOCK',
  ])
})

t.test(
  'a smaller request under an order id that was refused waits for the next batch',
  async (t) => {
    const { order_id, ...tooMany } = orderOf(mina, 2)
    const smaller = { ...orderOf(mina, 1), order_id }
    const requests = [{ order_id, ...tooMany }, smaller, orderOf(juno, 1)]
    t.strictSame(decided(requests, { deals: [dealWith(1)] }), [
      'INSUFFICIENT_STOCK',
      'again',
      'granted',
    ])
  },
)

t.test('all orders of an unknown deal or product are rejected', async (t) => {
  const requests = [orderOf(mina, 1), orderOf(juno, 1)]
  t.strictSame(decided(requests, {}), ['DEAL_NOT_FOUND', 'DEAL_NOT_FOUND'])
  const plain = orderWith(mina, [{ product_id, deal_id: null, quantity: 1 }])
  t.strictSame(decided([plain], {}), ['PRODUCT_NOT_FOUND'])
})

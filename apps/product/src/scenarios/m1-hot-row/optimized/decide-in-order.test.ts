import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { DealRequest } from '../batch.ts'
import { decideInOrder } from './decide-in-order.ts'

const [deal_id, product_id] = [randomUUID(), randomUUID()]
const expires_at = new Date('2026-11-27T03:00:30.000Z')
const [mina, juno] = [randomUUID(), randomUUID()]

const orderOf = (user_id: string, quantity: number): DealRequest => {
  const line = { deal_id, product_id, quantity }
  return { order_id: randomUUID(), user_id, lines: [line], ...line }
}

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

type Deal = ReturnType<typeof dealWith>

/** What becomes of each, in a word; all but the known are new. */
const decided = (
  requests: readonly DealRequest[],
  deal: Deal | undefined,
  { bought = 0, known = [] as string[] } = {},
): string[] => {
  const ids = requests.map(({ order_id }) => order_id).filter((id) => !known.includes(id))
  const decisions = decideInOrder(requests, {
    deal,
    fresh: new Map(ids.map((id) => [id, expires_at])),
    bought: new Map([[mina, bought]]),
  })
  return requests.map((request) => {
    const decision = decisions.get(request) ?? 'nothing'
    if (typeof decision === 'string') return decision
    return 'granted' in decision ? 'granted' : decision.refused.reason
  })
}

t.test('when stock runs out, who came first has it, and what does not fit is left', async (t) => {
  const requests = [3, 4, 2, 1].map((quantity) => orderOf(mina, quantity))
  t.strictSame(decided(requests, dealWith(5)), [
    'granted',
    'INSUFFICIENT_STOCK',
    'granted',
    'INSUFFICIENT_STOCK',
  ])
})

t.test("a buyer's orders count together, with those of before", async (t) => {
  const requests = [orderOf(mina, 1), orderOf(mina, 2), orderOf(juno, 3), orderOf(mina, 1)]
  t.strictSame(decided(requests, dealWith(9, 3), { bought: 1 }), [
    'granted',
    'PURCHASE_LIMIT_EXCEEDED',
    'granted',
    'granted',
  ])
})

t.test('what is granted has its line and its time', async (t) => {
  const request = orderOf(mina, 2)
  const stock = { deal: dealWith(2), fresh: new Map([[request.order_id, expires_at]]) }
  const decisions = decideInOrder([request], { ...stock, bought: new Map() })
  const line = { deal_id, product_id, quantity: 2, product_name: 'Hot', unit_price: 500 }
  t.strictSame(decisions.get(request), { granted: [line], expires_at })
})

t.test('an order id that is known is not decided, and takes nothing', async (t) => {
  const [old, fresh] = [orderOf(mina, 1), orderOf(juno, 1)]
  t.strictSame(decided([old, fresh], dealWith(1), { known: [old.order_id] }), ['known', 'granted'])
})

t.test('an order id that is there twice takes its units once', async (t) => {
  const first = orderOf(mina, 1)
  t.strictSame(decided([first, { ...first }, { ...first }], dealWith(9)), [
    'granted',
    'known',
    'known',
  ])
})

t.test('an order id that was refused is refused by what is left at its place', async (t) => {
  const tooMany = orderOf(mina, 2)
  const last = orderOf(juno, 1)
  t.strictSame(decided([tooMany, { ...tooMany }, last, { ...tooMany }], dealWith(2, 1)), [
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
    t.strictSame(decided([{ order_id, ...tooMany }, smaller, orderOf(juno, 1)], dealWith(1)), [
      'INSUFFICIENT_STOCK',
      'again',
      'granted',
    ])
  },
)

t.test('where there is no such deal, all are refused', async (t) => {
  const requests = [orderOf(mina, 1), orderOf(juno, 1)]
  t.strictSame(decided(requests, undefined), ['DEAL_NOT_FOUND', 'DEAL_NOT_FOUND'])
})

import { decide, type Stock } from '../../../domain/grant.ts'
import {
  dealUnits,
  type GrantedLine,
  productUnits,
  type Refusal,
  type RequestedLine,
  type ReservationRequest,
  type UnitsById,
} from '../../../domain/reservation.ts'
import { purchaseKey } from './purchases.ts'

/** The locked rows of a batch. */
export type BatchStock = Stock & {
  /** New order ids, with the expiry of their holds. */
  fresh: ReadonlyMap<string, Date>
  /** Held and confirmed units of buyers, by `purchaseKey`. */
  bought: ReadonlyMap<string, number>
}

export type BatchDecision =
  | { granted: GrantedLine[]; expires_at: Date }
  | { refused: Refusal }
  /** The order id has a result already. */
  | 'known'
  /** The order id was rejected earlier in this batch; this different request would be granted. */
  | 'again'

export type BatchDecisions = Map<ReservationRequest, BatchDecision>

/** Decides orders in the order of arrival, each with the units left by the previous ones. */
export const decideInOrder = (
  requests: readonly ReservationRequest[],
  stock: BatchStock,
): BatchDecisions => {
  const rest = restOf(stock)
  const before = new Map<string, BatchDecision>()
  return new Map(
    requests.map((request) => {
      const { order_id } = request
      const decision = decideNext(request, rest, {
        before: before.get(order_id),
        expires_at: stock.fresh.get(order_id),
      })
      before.set(order_id, decision)
      return [request, decision]
    }),
  )
}

/** The units left by the requests so far. */
type Rest = {
  deals: Map<string, Stock['deals'][number]>
  products: Map<string, Stock['products'][number]>
  bought: Map<string, number>
}

const restOf = ({ deals, products, bought }: BatchStock): Rest => ({
  deals: new Map(deals.map((deal) => [deal.id, { ...deal }])),
  products: new Map(products.map((product) => [product.id, { ...product }])),
  bought: new Map(bought),
})

type Known = {
  /** Earlier requests of the same order id in this batch. */
  before: BatchDecision | undefined
  expires_at: Date | undefined
}

const decideNext = (
  request: ReservationRequest,
  rest: Rest,
  { before, expires_at }: Known,
): BatchDecision => {
  if (!expires_at || before === 'known' || isGranted(before)) return 'known'
  const decision = decide(request.lines, stockOf(request, rest))
  if ('refused' in decision) return decision
  // The key of a rejected order is deleted with the batch: a new decision needs a new key.
  if (before) return 'again'
  take(request, rest)
  return { ...decision, expires_at }
}

const isGranted = (decision: BatchDecision | undefined): boolean =>
  typeof decision === 'object' && 'granted' in decision

/** The rows of a request. */
const stockOf = ({ user_id, lines }: ReservationRequest, rest: Rest): Stock => ({
  deals: rowsOf(dealUnits(lines), rest.deals).map((deal) => ({
    ...deal,
    bought: rest.bought.get(purchaseKey({ deal_id: deal.id, user_id })) ?? 0,
  })),
  products: rowsOf(productUnits(lines), rest.products),
})

const rowsOf = <Row>({ ids }: UnitsById, rows: ReadonlyMap<string, Row>): Row[] =>
  ids.flatMap((id) => rows.get(id) ?? [])

const take = ({ user_id, lines }: ReservationRequest, rest: Rest): void => {
  for (const line of lines) takeLine(line, user_id, rest)
}

const takeLine = (
  { deal_id, product_id, quantity }: RequestedLine,
  user_id: string,
  { deals, products, bought }: Rest,
): void => {
  const deal = deal_id === null ? undefined : deals.get(deal_id)
  const product = deal_id === null ? products.get(product_id) : undefined
  if (product) product.stock -= quantity
  if (!deal) return
  deal.remaining_stock -= quantity
  const purchase = purchaseKey({ deal_id: deal.id, user_id })
  bought.set(purchase, (bought.get(purchase) ?? 0) + quantity)
}

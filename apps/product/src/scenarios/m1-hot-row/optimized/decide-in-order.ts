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

/** The rows of a batch, as they are while they are locked. */
export type BatchStock = Stock & {
  /** Order ids that were not known, and until when they are held. */
  fresh: ReadonlyMap<string, Date>
  /** Units that buyers have, held or confirmed, by `purchaseKey`. */
  bought: ReadonlyMap<string, number>
}

export type BatchDecision =
  | { granted: GrantedLine[]; expires_at: Date }
  | { refused: Refusal }
  /** The order id has an answer already. */
  | 'known'
  /** The order id was refused earlier in this batch; this request, which differs, would be granted. */
  | 'again'

export type BatchDecisions = Map<ReservationRequest, BatchDecision>

/** Decides one after the other, in the order of arrival, each on what those before it have left. */
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

/** What the requests so far have left. */
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
  /** About the same order id, earlier in this batch. */
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
  // The key of a refused order is taken back with the batch: a new answer needs a new one.
  if (before) return 'again'
  take(request, rest)
  return { ...decision, expires_at }
}

const isGranted = (decision: BatchDecision | undefined): boolean =>
  typeof decision === 'object' && 'granted' in decision

/** The rows that a request is about. */
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

import { decide } from '../../domain/grant.ts'
import type { GrantedLine, Refusal } from '../../domain/reservation.ts'
import type { DealListForReservationRow } from '../../gen/queries.ts'
import type { DealRequest } from './deal-line.ts'

/** What a batch is about, as it stands while the deal is locked. */
export type BatchStock = {
  /** Order ids that were not known, and until when they are held. */
  fresh: ReadonlyMap<string, Date>
  /** Nothing where there is no such deal. */
  deal: DealListForReservationRow | undefined
  /** Units that each buyer has, held or confirmed. */
  bought: ReadonlyMap<string, number>
}

export type BatchDecision =
  | { granted: GrantedLine[]; expires_at: Date }
  | { refused: Refusal }
  /** The order id has an answer already. */
  | 'known'
  /** The order id was refused earlier in this batch. */
  | 'again'

export type BatchDecisions = Map<DealRequest, BatchDecision>

/** Decides one after the other, in the order of arrival, each on what those before it have left. */
export const decideInOrder = (
  requests: readonly DealRequest[],
  { fresh, deal, bought }: BatchStock,
): BatchDecisions => {
  const rest = { deal, left: deal?.remaining_stock ?? 0, bought: new Map(bought) }
  const before = new Map<string, BatchDecision>()
  return new Map(
    requests.map((request) => {
      const { order_id } = request
      const decision =
        repeated(before.get(order_id)) ?? decideNext(request, rest, fresh.get(order_id))
      before.set(order_id, decision)
      return [request, decision]
    }),
  )
}

const repeated = (before: BatchDecision | undefined): BatchDecision | undefined => {
  if (typeof before !== 'object') return before
  return 'granted' in before ? 'known' : 'again'
}

type Rest = {
  deal: DealListForReservationRow | undefined
  left: number
  bought: Map<string, number>
}

const decideNext = (
  { user_id, lines, quantity }: DealRequest,
  rest: Rest,
  expires_at: Date | undefined,
): BatchDecision => {
  if (!expires_at) return 'known'
  const bought = rest.bought.get(user_id) ?? 0
  const deals = rest.deal ? [{ ...rest.deal, remaining_stock: rest.left, bought }] : []
  const decision = decide(lines, { deals, products: [] })
  if ('refused' in decision) return decision
  rest.left -= quantity
  rest.bought.set(user_id, bought + quantity)
  return { ...decision, expires_at }
}

import { decide } from '../../../domain/grant.ts'
import type { GrantedLine, Refusal } from '../../../domain/reservation.ts'
import type { DealListForReservationRow } from '../../../gen/queries.ts'
import type { DealRequest } from '../batch.ts'

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
  /** The order id was refused earlier in this batch; this request, which differs, would be granted. */
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
      const decision = decideNext(request, rest, {
        before: before.get(order_id),
        expires_at: fresh.get(order_id),
      })
      before.set(order_id, decision)
      return [request, decision]
    }),
  )
}

type Rest = {
  deal: DealListForReservationRow | undefined
  left: number
  bought: Map<string, number>
}

type Known = {
  /** About the same order id, earlier in this batch. */
  before: BatchDecision | undefined
  expires_at: Date | undefined
}

const decideNext = (
  request: DealRequest,
  rest: Rest,
  { before, expires_at }: Known,
): BatchDecision => {
  if (!expires_at || before === 'known' || isGranted(before)) return 'known'
  const decision = decideOn(request, rest)
  if ('refused' in decision) return decision
  // The key of a refused order is taken back with the batch: a new answer needs a new one.
  if (before) return 'again'
  take(request, rest)
  return { ...decision, expires_at }
}

const isGranted = (decision: BatchDecision | undefined): boolean =>
  typeof decision === 'object' && 'granted' in decision

const decideOn = ({ user_id, lines }: DealRequest, { deal, left, bought }: Rest) => {
  const ofBuyer = { remaining_stock: left, bought: bought.get(user_id) ?? 0 }
  return decide(lines, { deals: deal ? [{ ...deal, ...ofBuyer }] : [], products: [] })
}

const take = ({ user_id, quantity }: DealRequest, rest: Rest): void => {
  rest.left -= quantity
  rest.bought.set(user_id, (rest.bought.get(user_id) ?? 0) + quantity)
}

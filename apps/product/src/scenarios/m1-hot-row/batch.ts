import { isNotNullViolation } from '@flash-deal/db'
import type { ReservationRequest } from '../../domain/reservation.ts'
import type { DealLine } from '../../domain/single-line.ts'
import type { ReservationResult } from './seam.ts'

/** An order of one line, for units of a deal. */
export type DealRequest = ReservationRequest & DealLine

/** Orders on one deal, in the order of arrival. */
export type Batch = { deal_id: string; requests: readonly DealRequest[]; ttlMs: number }

/** By order id; if an id occurs twice, its first request. */
export const byOrderId = <Request extends ReservationRequest>(
  requests: readonly Request[],
): Map<string, Request> => {
  const first = new Map<string, Request>()
  for (const request of requests) {
    if (!first.has(request.order_id)) first.set(request.order_id, request)
  }
  return first
}

type GrantedRow = {
  order_id: string
  expires_at: Date
  product_name: string
  unit_price: number
}

/** The results of the rows that a statement returned for orders of one line, by order id. */
export const grantedBy = (
  rows: readonly GrantedRow[],
  requested: ReadonlyMap<string, ReservationRequest>,
): Map<string, ReservationResult> =>
  new Map(
    rows.map(({ order_id, expires_at, ...granted }) => {
      const lines = (requested.get(order_id)?.lines ?? []).map((line) => ({ ...line, ...granted }))
      return [order_id, { order_id, outcome: 'granted', expires_at, lines }]
    }),
  )

/** No rows if a statement has rolled itself back, for which it writes a line without a quantity. */
export const noneIfRolledBack = (error: unknown): never[] => {
  if (isNotNullViolation(error)) return []
  throw error
}

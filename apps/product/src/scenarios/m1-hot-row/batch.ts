import type { DealLine } from '../../domain/deal-line.ts'
import type { ReservationRequest } from '../../domain/reservation.ts'

/** An order of one line, and that of a deal. */
export type DealRequest = ReservationRequest & DealLine

/** Orders on one deal, in the order of arrival. */
export type Batch = { deal_id: string; requests: readonly DealRequest[]; ttlMs: number }

/** By order id; of an id that is there twice, the first. */
export const byOrderId = (requests: readonly DealRequest[]): Map<string, DealRequest> => {
  const first = new Map<string, DealRequest>()
  for (const request of requests) {
    if (!first.has(request.order_id)) first.set(request.order_id, request)
  }
  return first
}

import type { RequestedLine, ReservationRequest } from '../../domain/reservation.ts'

export type DealLine = RequestedLine & { deal_id: string }

/** An order of one line, and that of a deal. */
export type DealRequest = ReservationRequest & DealLine

/** Orders on one deal, in the order of arrival. */
export type Batch = { deal_id: string; requests: readonly DealRequest[]; ttlMs: number }

/** The line of an order that has only one, and that of a deal: what most want when one opens. */
export const dealLineOf = ({ lines }: ReservationRequest): DealLine | undefined => {
  const [line] = lines
  if (!line || lines.length > 1 || line.deal_id === null) return undefined
  return { ...line, deal_id: line.deal_id }
}

/** By order id; of an id that is there twice, the first. */
export const byOrderId = (requests: readonly DealRequest[]): Map<string, DealRequest> => {
  const first = new Map<string, DealRequest>()
  for (const request of requests) {
    if (!first.has(request.order_id)) first.set(request.order_id, request)
  }
  return first
}

import type { RequestedLine, ReservationRequest } from './reservation.ts'

/** A line of an order for units of a deal. */
export type DealLine = RequestedLine & { deal_id: string }

/** The only line of an order, if it is for a deal: the most frequent order while a deal is open. */
export const dealLineOf = ({ lines }: ReservationRequest): DealLine | undefined => {
  const [line] = lines
  if (!line || lines.length > 1 || line.deal_id === null) return undefined
  return { ...line, deal_id: line.deal_id }
}

import type { RequestedLine, ReservationRequest } from './reservation.ts'

/** A line of an order for units of a product, without a deal. */
export type ProductLine = RequestedLine & { deal_id: null }

/** The only line of an order, if it is for a product without a deal. */
export const productLineOf = ({ lines }: ReservationRequest): ProductLine | undefined => {
  const [line] = lines
  if (!line || lines.length > 1 || line.deal_id !== null) return undefined
  return { ...line, deal_id: line.deal_id }
}

import type { RequestedLine, ReservationRequest } from './reservation.ts'

/** A line of an order for units of a deal. */
export type DealLine = RequestedLine & { deal_id: string }

/** A line of an order for units of a product, without a deal. */
export type ProductLine = RequestedLine & { deal_id: null }

/** The only line of an order, if it is for a deal: the most frequent order while a deal is open. */
export const dealLineOf = (request: ReservationRequest): DealLine | undefined => {
  const line = onlyLineOf(request)
  return line && isOfDeal(line) ? line : undefined
}

/** The only line of an order, if it is for a product without a deal. */
export const productLineOf = (request: ReservationRequest): ProductLine | undefined => {
  const line = onlyLineOf(request)
  return line && isOfProduct(line) ? line : undefined
}

const onlyLineOf = ({ lines }: ReservationRequest): RequestedLine | undefined =>
  lines.length === 1 ? lines[0] : undefined

const isOfDeal = (line: RequestedLine): line is DealLine => line.deal_id !== null
const isOfProduct = (line: RequestedLine): line is ProductLine => line.deal_id === null

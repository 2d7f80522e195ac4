import type { ReceivedResult, ReservationRequest } from '@flash-deal/contracts/grpc'
import type { Reservation } from '../seam.ts'

/** Messages of product.proto from and to the bodies of product.yaml. */

export const requestMessage = ({ order_id, user_id, lines }: Reservation): ReservationRequest => ({
  order_id,
  user_id,
  lines: lines.map(({ product_id, deal_id, quantity }) => ({
    product_id,
    quantity,
    ...(deal_id !== null && { deal_id }),
  })),
})

/**
 * Converts to a result of createReservations, not validated yet. gRPC does not send zeros.
 * @throws SyntaxError if the details are not JSON
 */
export const resultFrom = ({ lines, details, ...result }: ReceivedResult): object => ({
  ...result,
  ...(details !== undefined && { details: JSON.parse(details) }),
  ...(result.outcome === 'granted' && {
    lines: lines.map(({ product_id, deal_id = null, quantity, product_name, unit_price = 0 }) => ({
      product_id,
      deal_id,
      quantity,
      product_name,
      unit_price,
    })),
  }),
})

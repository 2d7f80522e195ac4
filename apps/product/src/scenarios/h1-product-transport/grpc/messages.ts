import type { ReceivedRequest, ReservationResult as Sent } from '@flash-deal/contracts/grpc'
import type { takeAll } from '../../../handlers/create-reservations.ts'

/** Messages of product.proto from and to the bodies of product.yaml. */

type Result = Awaited<ReturnType<typeof takeAll>>[number]

/** Converts to a body of createReservations, not validated yet; absent fields are undefined. */
export const reservationsFrom = (requests: readonly ReceivedRequest[]) => ({
  reservations: requests.map(({ order_id, user_id, lines }) => ({
    order_id,
    user_id,
    lines: lines.map(({ product_id, deal_id, quantity }) => ({
      product_id,
      deal_id: deal_id ?? null,
      quantity,
    })),
  })),
})

export const resultMessage = (result: Result): Sent =>
  result.outcome === 'granted' ? grantMessage(result) : refusalMessage(result)

const grantMessage = ({ expires_at, lines, ...result }: Result & { outcome: 'granted' }): Sent => ({
  ...result,
  expires_at: expires_at.toISOString(),
  lines: lines.map(({ deal_id, ...line }) => ({ ...line, ...(deal_id !== null && { deal_id }) })),
})

const refusalMessage = (result: Exclude<Result, { outcome: 'granted' }>): Sent => {
  const { order_id, outcome, message, reason } = result
  const details = 'details' in result ? result.details : undefined
  return {
    order_id,
    outcome,
    message,
    ...(reason !== undefined && { reason }),
    ...(details && { details: JSON.stringify(details) }),
  }
}

import type { Settings } from '@flash-deal/config'
import type { ProductOperations } from '@flash-deal/contracts'
import type { CallContext } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'

type Reserving = ProductOperations['createReservations']

export type Reservation =
  Reserving['requestBody']['content']['application/json']['reservations'][number]

export type ReservationResult =
  Reserving['responses'][200]['content']['application/json']['results'][number]

/** The calls of product's contract over one protocol. */
export type ProductCalls = {
  /**
   * @param reservations from 1 to 100
   * @throws NotStarted if nothing was sent; ApiError SERVICE_UNAVAILABLE or DEADLINE_EXCEEDED if
   * the outcome is unknown
   */
  createReservations(
    reservations: readonly Reservation[],
    context: CallContext,
  ): Promise<readonly ReservationResult[]>
  /** Resolves when product has acknowledged. @throws as `createReservations` does */
  release(orderId: string, context: CallContext): Promise<void>
  /** @param orderIds from 1 to 100 */
  confirm(orderIds: string[], context: CallContext): Promise<void>
  /** Resolves if product responds. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** H1: the calls of a single order. */
export type ProductTransport = Omit<ProductCalls, 'createReservations'> & {
  /**
   * The result of one reservation, which may share a call with others.
   * @throws NotStarted if it was not sent; ApiError if the outcome is unknown
   */
  reserve(reservation: Reservation, context: CallContext): Promise<ReservationResult>
}

export type ProductTransportOptions = { app: FastifyInstance; settings: Settings<'order'> }

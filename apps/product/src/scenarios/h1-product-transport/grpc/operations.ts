import { documents } from '@flash-deal/contracts'
import type { OrderIds, ReservationsHandlers } from '@flash-deal/contracts/grpc'
import { ApiError } from '@flash-deal/errors'
import { bodyValidatorOf } from '@flash-deal/service'
import type { ReservationRequest } from '../../../domain/reservation.ts'
import { confirmAll } from '../../../handlers/confirm-reservations.ts'
import { takeAll } from '../../../handlers/create-reservations.ts'
import type { TransportServerOptions } from '../seam.ts'
import { reservationsFrom, resultMessage } from './messages.ts'
import { unaryIn } from './unary.ts'

const isReservations = bodyValidatorOf(documents.product, 'createReservations')
const isOrderIds = bodyValidatorOf(documents.product, 'confirmReservations')

/** The internal operations of product, with the same behaviour as over HTTP. */
export const reservationsOf = (options: TransportServerOptions): ReservationsHandlers => {
  const { app } = options
  const unary = unaryIn(options)
  return {
    CreateReservations: unary('createReservations', async ({ reservations }, deadline) => {
      const results = await takeAll(app, requestsFrom(reservationsFrom(reservations)), deadline)
      return { results: results.map(resultMessage) }
    }),
    ConfirmReservations: unary('confirmReservations', async (request, deadline) => ({
      results: await confirmAll(app, app.db.by(deadline), idsFrom(request)),
    })),
    ReleaseReservation: unary('releaseReservation', async ({ order_id = '' }, deadline) => {
      const [id = ''] = idsFrom({ order_ids: [order_id] })
      await app.releaseStock(id, app.db.by(deadline))
      return { order_id: id, state: 'released' }
    }),
  }
}

type Body = { reservations: ReservationRequest[] }

const requestsFrom = (body: unknown): ReservationRequest[] => {
  if (isBody(body)) return body.reservations
  throw new ApiError('VALIDATION_ERROR')
}

/** The maximum of the contract. */
const isBody = (body: unknown): body is Body => isReservations(body)

const idsFrom = ({ order_ids }: OrderIds): string[] => {
  if (isOrderIds({ order_ids })) return order_ids
  throw new ApiError('VALIDATION_ERROR')
}

import type { ProductOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { ReservationRequest } from '../domain/reservation.ts'

export const createReservations: Handler<ProductOperations['createReservations']> = async ({
  server,
  body,
}) => ({
  results: await Promise.all(body.reservations.map((each) => takeStock(server, each))),
})

/** One reservation that fails does not fail its neighbours. */
const takeStock = async (server: FastifyInstance, request: ReservationRequest) => {
  try {
    return await server.takeStock(request)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'SERVICE_UNAVAILABLE') throw error
    return { order_id: request.order_id, outcome: 'unknown' as const, message: error.message }
  }
}

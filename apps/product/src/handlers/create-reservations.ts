import type { ProductOperations } from '@flash-deal/contracts'
import { type ApiError, fromUnknown, NotStarted } from '@flash-deal/errors'
import type { Deadline, Handler } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { ReservationRequest } from '../domain/reservation.ts'

export const createReservations: Handler<ProductOperations['createReservations']> = async ({
  server,
  body,
  deadline,
}) => ({ results: await takeAll(server, body.reservations, deadline) })

/** One result for each, in the order of the request. */
export const takeAll = (
  server: FastifyInstance,
  requests: readonly ReservationRequest[],
  deadline: Deadline,
) => Promise.all(requests.map((each) => takeStock(server, each, deadline)))

/** A reservation that fails does not affect the others in the request. */
const takeStock = async (
  server: FastifyInstance,
  request: ReservationRequest,
  deadline: Deadline,
) => {
  const { order_id } = request
  try {
    const result = await server.takeStock({ ...request, deadline })
    server.countReservations(result.outcome)
    return result
  } catch (thrown) {
    server.countReservations('unknown')
    const error = fromUnknown(thrown)
    if (!isPassing(error)) server.log.error({ err: thrown, order_id }, 'A reservation failed')
    const { message } = error
    // The caller then does not have to query the result later.
    const reason = error instanceof NotStarted && { reason: 'NOT_STARTED' as const }
    return { order_id, outcome: 'unknown' as const, message, ...reason }
  }
}

const isPassing = ({ code }: ApiError): boolean =>
  code === 'SERVICE_UNAVAILABLE' || code === 'DEADLINE_EXCEEDED'

import type { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { GrantedLine, Refusal, ReservationRequest } from '../../domain/reservation.ts'

export type ReservationResult =
  | { order_id: string; outcome: 'granted'; expires_at: Date; lines: GrantedLine[] }
  | ({ order_id: string; outcome: 'refused' } & Refusal)

/** A reservation, and the time until which the caller waits for its result. */
export type StockRequest = ReservationRequest & { deadline: Deadline }

/**
 * M1: takes stock. A result is committed before it is returned, and a repeated order id gets the same
 * result.
 * @throws NotStarted if this request has changed nothing; ApiError if that is not known
 */
export type StockTaker = (request: StockRequest) => Promise<ReservationResult>

export type StockTakerOptions = {
  app: FastifyInstance
  /** The age from which the sweep asks order about a held reservation, in milliseconds. */
  ttlMs: number
  /** The maximum time of a reservation, with its wait, in milliseconds. */
  timeoutMs: number
  /** The maximum number of reservations that wait in a process; one more is rejected with 503. */
  queueMax: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** M1, with ids in lower case; called through `takeStock` (M7). */
    reserveStock: StockTaker
  }
}

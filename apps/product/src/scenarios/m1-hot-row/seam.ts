import type { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { GrantedLine, Refusal, ReservationRequest } from '../../domain/reservation.ts'

export type ReservationResult =
  | { order_id: string; outcome: 'granted'; expires_at: Date; lines: GrantedLine[] }
  | ({ order_id: string; outcome: 'refused' } & Refusal)

/** A reservation, and until when its answer is of use. */
export type StockRequest = ReservationRequest & { deadline: Deadline }

/**
 * M1: how stock is taken. Durable before it is answered; the same order id, the same answer.
 * @throws NotStarted if this request has changed nothing; ApiError where that is not known
 */
export type StockTaker = (request: StockRequest) => Promise<ReservationResult>

export type StockTakerOptions = {
  app: FastifyInstance
  /** Age at which an unsettled reservation is asked about, in milliseconds. */
  ttlMs: number
  /** How long a reservation may wait and be worked on, in milliseconds. */
  timeoutMs: number
  /** Reservations that may wait in a process; one more is shed with 503. */
  queueMax: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** M1, with ids in lower case; called through `takeStock` (M7). */
    reserveStock: StockTaker
  }
}

import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { GrantedLine, Refusal, ReservationRequest } from '../../domain/reservation.ts'
import { lockThenTake } from './baseline.ts'

export type ReservationResult =
  | { order_id: string; outcome: 'granted'; expires_at: Date; lines: GrantedLine[] }
  | ({ order_id: string; outcome: 'refused' } & Refusal)

/** M1: how stock is taken. Durable before it is answered; the same order id, the same answer. */
export type StockTaker = (request: ReservationRequest) => Promise<ReservationResult>

declare module 'fastify' {
  interface FastifyInstance {
    takeStock: StockTaker
  }
}

export type HotRowOptions = { variant: VariantOf<'M1'>; ttlMs: number }

export const hotRow = fp(
  async (app: FastifyInstance, { ttlMs }: HotRowOptions) => {
    app.decorate(
      'takeStock',
      lockThenTake({ db: app.db, ttlMs, count: app.witness('M1', 'locked') }),
    )
  },
  { name: 'm1-hot-row', dependencies: ['database', 'metrics'] },
)

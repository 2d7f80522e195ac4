import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Attempt } from '../../domain/attempt.ts'
import type { GrantedLine } from '../../plugins/product-client.ts'
import { storeEach } from './baseline.ts'
import { storeTogether } from './optimized.ts'

/**
 * Stores an order for which product has granted the lines, and returns the bytes of its answer
 * after the commit.
 * @throws ApiError SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED or, under a key, IDEMPOTENCY_IN_PROGRESS
 */
export type OrderStore = (attempt: Attempt, lines: readonly GrantedLine[]) => Promise<string>

export type OrderStoreOptions = {
  app: FastifyInstance
  /** Orders that may wait, where they wait for each other. */
  queueMax: number
  /** How long one may wait and be stored, in milliseconds. */
  timeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    storeOrder: OrderStore
  }
}

const variants = {
  baseline: storeEach,
  redlock: storeEach,
  conditional: storeEach,
  optimized: storeTogether,
  redis: storeTogether,
} satisfies Record<VariantOf<'M1'>, (options: OrderStoreOptions) => OrderStore>

export type HotRowOptions = Omit<OrderStoreOptions, 'app'> & { variant: VariantOf<'M1'> }

/** M1: how an order is stored. */
export const hotRow = fp(
  async (app: FastifyInstance, { variant, ...limits }: HotRowOptions) => {
    app.decorate('storeOrder', variants[variant]({ app, ...limits }))
  },
  { name: 'm1-hot-row', dependencies: ['database', 'metrics'] },
)

import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { lockThenTake } from './baseline.ts'
import { takeIfThere } from './conditional.ts'
import { takeTogether } from './optimized.ts'
import { redisGate } from './redis.ts'
import { takeUnderRedlock } from './redlock.ts'
import type { StockTaker, StockTakerOptions } from './seam.ts'

const variants = {
  baseline: lockThenTake,
  redlock: takeUnderRedlock,
  conditional: takeIfThere,
  optimized: takeTogether,
  redis: (options) => redisGate(options, takeTogether(options)),
} satisfies Record<VariantOf<'M1'>, (options: StockTakerOptions) => StockTaker>

export type HotRowOptions = Omit<StockTakerOptions, 'app'> & { variant: VariantOf<'M1'> }

/** M1: how stock is taken. */
export const hotRow = fp(
  async (app: FastifyInstance, { variant, ...options }: HotRowOptions) => {
    app.decorate('reserveStock', variants[variant]({ app, ...options }))
  },
  { name: 'm1-hot-row', dependencies: ['database', 'metrics', 'reservations'] },
)

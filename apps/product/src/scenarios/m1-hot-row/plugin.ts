import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { lockThenTake } from './baseline.ts'
import { takeIfThere } from './conditional.ts'
import { takeTogether } from './optimized.ts'
import { redisGate } from './redis.ts'
import { takeUnderRedlock } from './redlock.ts'
import type { StockRequest, StockTaker, StockTakerOptions } from './seam.ts'
import { refuseSoldOut } from './sold-out.ts'

const variants = {
  baseline: lockThenTake,
  redlock: (options) => refuseSoldOut(options, takeUnderRedlock(options)),
  conditional: (options) => refuseSoldOut(options, takeIfThere(options)),
  optimized: (options) => refuseSoldOut(options, takeTogether(options)),
  redis: (options) => refuseSoldOut(options, redisGate(options, takeTogether(options))),
} satisfies Record<VariantOf<'M1'>, (options: StockTakerOptions) => StockTaker>

export type HotRowOptions = Omit<StockTakerOptions, 'app'> & { variant: VariantOf<'M1'> }

export const hotRow = fp(
  async (app: FastifyInstance, { variant, ...options }: HotRowOptions) => {
    const takeStock = variants[variant]({ app, ...options })
    app.decorate('takeStock', (request: StockRequest) => takeStock(inLowerCase(request)))
  },
  { name: 'm1-hot-row', dependencies: ['database', 'metrics', 'reservations'] },
)

/** As PostgreSQL writes ids, so that they can be compared as text. */
const inLowerCase = ({ order_id, user_id, lines, deadline }: StockRequest): StockRequest => ({
  deadline,
  order_id: order_id.toLowerCase(),
  user_id: user_id.toLowerCase(),
  lines: lines.map(({ product_id, deal_id, quantity }) => ({
    product_id: product_id.toLowerCase(),
    deal_id: deal_id?.toLowerCase() ?? null,
    quantity,
  })),
})

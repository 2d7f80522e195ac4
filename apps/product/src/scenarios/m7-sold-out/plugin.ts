import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { StockRequest, StockTaker } from '../m1-hot-row/seam.ts'
import { askEachTime } from './baseline.ts'
import { refuseSoldOut } from './optimized.ts'
import type { SoldOutOptions } from './seam.ts'

const variants = { baseline: askEachTime, optimized: refuseSoldOut } satisfies Record<
  VariantOf<'M7'>,
  (options: SoldOutOptions) => StockTaker
>

/** M7: whether an order on a deal that is known to be sold out reaches the database. */
export const soldOut = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'M7'> }) => {
    const takeStock = variants[variant]({ app, next: app.reserveStock })
    app.decorate('takeStock', (request: StockRequest) => takeStock(inLowerCase(request)))
  },
  { name: 'm7-sold-out', dependencies: ['database', 'metrics', 'reservations', 'm1-hot-row'] },
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

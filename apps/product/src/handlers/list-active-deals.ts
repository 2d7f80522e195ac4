import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { dealFrom } from '../domain/deal.ts'
import { type DealStatus, dealCount, dealList } from '../gen/queries.ts'

/** Inside their window are the deals that can be bought and those that were bought up. */
const insideWindow: readonly DealStatus[] = ['active', 'sold_out']

export const listActiveDeals: Handler<ProductOperations['listActiveDeals']> = async ({
  server,
  query,
}) => {
  const { page = 1, size = 20, status } = query
  const statuses = status === undefined ? insideWindow : [status]
  const [rows, counted] = await Promise.all([
    dealList(server.db, { statuses, size, skip: (page - 1) * size }),
    dealCount(server.db, { statuses }),
  ])
  return { items: rows.map(dealFrom), total: counted?.total ?? 0, page, size }
}

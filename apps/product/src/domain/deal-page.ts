import type { Queryable } from '@flash-deal/db'
import { type DealStatus, dealCount, dealList } from '../gen/queries.ts'
import { dealFrom } from './deal.ts'

/** Which deals are asked for; those inside their window where there is no status. */
export type DealQuery = { page: number; size: number; status: DealStatus | null }

/** A page of the deal list, before it is serialized. */
export type DealPage = {
  items: ReturnType<typeof dealFrom>[]
  total: number
  page: number
  size: number
}

/** Inside their window are the deals that can be bought and those that were bought up. */
const insideWindow: readonly DealStatus[] = ['active', 'sold_out']

/**
 * Reads a page.
 * @param at_ms the moment that it tells of, in milliseconds since 1970 by the database's clock; null
 * for when it is read
 * @throws ApiError SERVICE_UNAVAILABLE where PostgreSQL does not answer
 */
export const readDealPage = async (
  db: Queryable,
  { page, size, status }: DealQuery,
  at_ms: number | null,
): Promise<DealPage> => {
  const statuses = status === null ? insideWindow : [status]
  const skip = (page - 1) * size
  const rows = await dealList(db, { at_ms, statuses, size, skip })
  const total = rows[0]?.total ?? (await totalUpTo(skip, db, { at_ms, statuses }))
  return { items: rows.map(({ total, ...row }) => dealFrom(row)), total, page, size }
}

/** How many there are before a page that is empty; those that came since would be on it. */
const totalUpTo = async (skip: number, ...asked: Parameters<typeof dealCount>): Promise<number> => {
  if (skip === 0) return 0
  const counted = await dealCount(...asked)
  return Math.min(counted?.total ?? 0, skip)
}

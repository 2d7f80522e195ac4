import type { Queryable } from '@flash-deal/db'
import { dealFrom } from '../domain/deal.ts'
import { type DealStatus, dealCount, dealList } from '../gen/queries.ts'

/** The requested deals. Without a status: the deals inside their window. */
export type DealQuery = { page: number; size: number; status: DealStatus | null }

/** A page of the deal list, before it is serialized. */
export type DealPage = {
  items: ReturnType<typeof dealFrom>[]
  total: number
  page: number
  size: number
}

/** Active and sold-out deals are inside their window. */
const insideWindow: readonly DealStatus[] = ['active', 'sold_out']

/**
 * Reads a page.
 * @param at_ms the time that the page describes, in milliseconds since 1970 by the database's clock;
 * null for the current time
 * @throws ApiError SERVICE_UNAVAILABLE if PostgreSQL is unavailable
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

/** The number of deals before an empty page. Deals that are created later would be on the page. */
const totalUpTo = async (skip: number, ...args: Parameters<typeof dealCount>): Promise<number> => {
  if (skip === 0) return 0
  const counted = await dealCount(...args)
  return Math.min(counted?.total ?? 0, skip)
}

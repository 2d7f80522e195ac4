import type { Queryable } from '@flash-deal/db'
import { dealListBorders } from '../../gen/queries.ts'

/** What time it is by the database's clock, and when deals open or end next; Infinity: not soon. */
export type Ahead = { at: number; next: number; afterNext: number }

/** @param aheadMs how far to look */
export const readBorders = async (db: Queryable, aheadMs: number): Promise<Ahead> => {
  const rows = await dealListBorders(db, { ahead_ms: aheadMs, size: 3 })
  const [at = Number.NaN, next = Infinity, afterNext = Infinity] = rows.map(({ at_ms }) => at_ms)
  return { at, next, afterNext }
}

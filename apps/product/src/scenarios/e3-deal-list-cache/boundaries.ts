import type { Queryable } from '@flash-deal/db'
import { dealListBoundaries } from '../../gen/queries.ts'

/** The time of the database's clock, and the next times at which deals open or end; Infinity: not soon. */
export type Ahead = { at: number; next: number; afterNext: number }

/** @param aheadMs the period to look ahead, in milliseconds */
export const readBoundaries = async (db: Queryable, aheadMs: number): Promise<Ahead> => {
  const rows = await dealListBoundaries(db, { ahead_ms: aheadMs, size: 3 })
  const [at = Number.NaN, next = Infinity, afterNext = Infinity] = rows.map(({ at_ms }) => at_ms)
  return { at, next, afterNext }
}

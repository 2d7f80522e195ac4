import type { Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import type { Window } from '../domain/window.ts'
import { dealEndIsAhead } from '../gen/queries.ts'

/**
 * Rejects a window that is in the past, by the database's clock.
 * @throws ApiError VALIDATION_ERROR
 */
export const assertEndIsAhead = async (db: Queryable, { ends_at }: Window): Promise<void> => {
  const { is_ahead = false } = (await dealEndIsAhead(db, { ends_at })) ?? {}
  if (is_ahead) return
  throw new ApiError('VALIDATION_ERROR', { details: { ends_at: 'must be in the future' } })
}

import { ApiError } from '@flash-deal/errors'
import { timeFrom } from '@flash-deal/service'

export type Window = { starts_at: Date; ends_at: Date }

/**
 * When a deal is open: from `starts_at` on, up to but not including `ends_at`.
 * @throws ApiError VALIDATION_ERROR if one is not a time, or they are in the wrong order
 */
export const windowFrom = (body: { starts_at: string; ends_at: string }): Window => {
  const starts_at = timeFrom('starts_at', body.starts_at)
  const ends_at = timeFrom('ends_at', body.ends_at)
  if (starts_at < ends_at) return { starts_at, ends_at }
  throw new ApiError('VALIDATION_ERROR', { details: { ends_at: 'must be after starts_at' } })
}

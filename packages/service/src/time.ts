import { ApiError } from '@flash-deal/errors'

/**
 * A time that a client gave. The contracts' `date-time` allows some that PostgreSQL or JavaScript
 * do not know, such as a leap second or the year 0.
 * @throws ApiError VALIDATION_ERROR naming the field
 */
export const timeFrom = (field: string, text: string): Date => {
  const time = new Date(text)
  const year = time.getUTCFullYear()
  if (year >= 1 && year <= 9999) return time
  const message = 'must be a time between the years 1 and 9999'
  throw new ApiError('VALIDATION_ERROR', { details: { [field]: message } })
}

import { ApiError } from '@flash-deal/errors'

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:z|([+-])(\d\d):(\d\d))$/i

const form = 'must be an RFC 3339 time with a zone, such as 2026-11-27T03:00:00Z'
const years = 'must be a time in the years 2000 to 9999'
const leapSecond = 'must not be a leap second; give the second before or after it'

/**
 * Parses an RFC 3339 time. `new Date` accepts other formats too, and reads a year below 100 as one of
 * the last century or of this one.
 * @returns milliseconds since 1970 without fractions, or a sentence that describes the error
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export const readTime = (text: string): number | string => {
  const [whole, ...parts] = rfc3339.exec(text) ?? []
  if (whole === undefined) return form
  const [year = 0, month = 0, day, hour, minute, second] = parts.slice(0, 6).map(Number)
  if (year < 2000) return years
  if (second === 60) return leapSecond
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecondsIn(parts[6]))
  // `Date.UTC` carries over days and hours that are too high.
  if (!isoOf(local).startsWith(text.slice(0, 19).toUpperCase())) return form
  const zone = offsetMs(parts.slice(7))
  if (zone === undefined) return form
  return isInYears(local - zone) ? local - zone : years
}

const millisecondsIn = (fraction = ''): number => Number(fraction.slice(0, 3).padEnd(3, '0'))

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** The time in UTC, as in responses. */
const isInYears = (ms: number): boolean => /^[2-9]\d{3}-/.test(isoOf(ms))

/** The offset of a zone from UTC; undefined if it is out of range. */
const offsetMs = ([sign, hours = '0', minutes = '0']: readonly string[]): number | undefined => {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000)
}

/**
 * Parses a time from a client.
 * @throws ApiError VALIDATION_ERROR with the field if it is not an RFC 3339 time in the years 2000 to
 * 9999
 */
export const timeFrom = (field: string, text: string): Date => {
  const time = readTime(text)
  if (typeof time === 'number') return new Date(time)
  throw new ApiError('VALIDATION_ERROR', { details: { [field]: time } })
}

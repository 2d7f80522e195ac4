import { ApiError } from '@flash-deal/errors'

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:z|([+-])(\d\d):(\d\d))$/i

const form = 'must be an RFC 3339 time with a zone, such as 2026-11-27T03:00:00Z'
const years = 'must be a time in the years 2000 to 9999'
const leapSecond = 'must not be a leap second; give the second before or after it'

/**
 * Reads a time from its digits. `new Date` would take texts that are no RFC 3339, and others as
 * another time: a year below 100 as one of the last century or of this one.
 * @returns milliseconds since 1970, without any fraction of them, or a sentence that says what is
 * wrong
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export const readTime = (text: string): number | string => {
  const [whole, ...parts] = rfc3339.exec(text) ?? []
  if (whole === undefined) return form
  const [year = 0, month = 0, day, hour, minute, second] = parts.slice(0, 6).map(Number)
  if (year < 2000) return years
  if (second === 60) return leapSecond
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecondsIn(parts[6]))
  // A day or an hour that is too high is carried over to the next ones.
  if (!isoOf(local).startsWith(text.slice(0, 19).toUpperCase())) return form
  const zone = offsetMs(parts.slice(7))
  if (zone === undefined) return form
  return isInYears(local - zone) ? local - zone : years
}

const millisecondsIn = (fraction = ''): number => Number(fraction.slice(0, 3).padEnd(3, '0'))

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** The time in UTC, as in responses. */
const isInYears = (ms: number): boolean => /^[2-9]\d{3}-/.test(isoOf(ms))

/** How far ahead of UTC a zone is; undefined if there is none that far. */
const offsetMs = ([sign, hours = '0', minutes = '0']: readonly string[]): number | undefined => {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000)
}

/**
 * A time that a client gave.
 * @throws ApiError VALIDATION_ERROR naming the field, where it is no RFC 3339 time of the years 2000
 * to 9999
 */
export const timeFrom = (field: string, text: string): Date => {
  const time = readTime(text)
  if (typeof time === 'number') return new Date(time)
  throw new ApiError('VALIDATION_ERROR', { details: { [field]: time } })
}

import { ApiError } from '@flash-deal/errors'
import { timeFrom } from '@flash-deal/service'
import {
  assert,
  constantFrom,
  date,
  type IRawProperty,
  integer,
  property,
  string,
  tuple,
} from 'fast-check'
import t, { type Test } from 'tap'

/** The time in UTC, or the error message of the field. */
const read = (text: string): unknown => {
  try {
    return timeFrom('at', text).toISOString()
  } catch (error) {
    if (error instanceof ApiError && error.code === 'VALIDATION_ERROR') return error.details?.at
    throw error
  }
}

const form = 'must be an RFC 3339 time with a zone, such as 2026-11-27T03:00:00Z'
const years = 'must be a time in the years 2000 to 9999'
const leapSecond = 'must not be a leap second; give the second before or after it'

const cases = {
  '2026-11-27T03:00:00Z': '2026-11-27T03:00:00.000Z',
  '2026-11-27t03:00:00z': '2026-11-27T03:00:00.000Z',
  '2026-11-27T03:00:00-00:00': '2026-11-27T03:00:00.000Z',
  '2026-11-27T03:00:00.1+09:00': '2026-11-26T18:00:00.100Z',
  '2026-11-27T03:00:00.1239999999Z': '2026-11-27T03:00:00.123Z',
  '2026-11-27T03:00:00+23:59': '2026-11-26T03:01:00.000Z',
  '2028-02-29T23:59:59.999Z': '2028-02-29T23:59:59.999Z',
  '2000-01-01T00:00:00Z': '2000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z': '9999-12-31T23:59:59.999Z',
  '1999-12-31T23:59:59Z': years,
  '0001-01-01T00:00:00Z': years,
  '0000-01-01T00:00:00Z': years,
  '0050-11-27T03:00:00+09:00': years,
  '2000-01-01T00:00:00+09:00': years,
  '9999-12-31T23:59:59-01:00': years,
  '1999-12-31T23:59:59-09:00': years,
  '0050-11-27T03:00:00+0900': form,
  '0049-01-01 00:00:00Z': form,
  '2026-11-27 03:00:00Z': form,
  '2026-11-27_03:00:00Z': form,
  '2026-11-27T03:00:00+0900': form,
  '2026-11-27T03:00:00+09': form,
  '2026-11-27T03:00:00': form,
  '2026-11-27T03:00Z': form,
  '2026-11-27T3:00:00Z': form,
  '2026-11-27T03:00:00.Z': form,
  '2026-11-27T03:00:00,5Z': form,
  '2026-11-27T03:00:00+24:00': form,
  '2026-11-27T03:00:00+09:60': form,
  '2026-11-27T24:00:00Z': form,
  '2026-11-27T03:60:00Z': form,
  '2026-11-27T03:00:61Z': form,
  '2026-02-29T03:00:00Z': form,
  '2026-00-01T03:00:00Z': form,
  '2026-13-01T03:00:00Z': form,
  '2026-11-00T03:00:00Z': form,
  '2026-11-31T03:00:00Z': form,
  '+002026-11-27T03:00:00Z': form,
  '12026-11-27T03:00:00Z': form,
  '2026-11-27T03:00:00Z ': form,
  ' 2026-11-27T03:00:00Z': form,
  '2026-11-27T03:00:00Z\n': form,
  '٢٠٢٦-11-27T03:00:00Z': form,
  '2026-11-27': form,
  'Fri, 27 Nov 2026 03:00:00 GMT': form,
  '1795748400000': form,
  tomorrow: form,
  '': form,
  '2016-12-31T23:59:60Z': leapSecond,
  '2017-01-01T08:59:60+09:00': leapSecond,
}

t.test(
  'a time is RFC 3339 with a zone, in the years 2000 to 9999; the message names any error',
  async (t) => {
    for (const [text, expected] of Object.entries(cases)) t.equal(read(text), expected, text)
  },
)

const holds = <Given>(t: Test, claim: IRawProperty<Given>, numRuns = 100): void => {
  t.doesNotThrow(() => assert(claim, { numRuns }))
}

const moment = date({
  min: new Date('2000-01-03T00:00:00Z'),
  max: new Date('9999-12-29T00:00:00Z'),
  noInvalidDate: true,
})
const minutes = integer({ min: -1_439, max: 1_439 })

/** A time formatted with this offset from UTC, in minutes. */
const writtenAt = (at: Date, ahead: number): string => {
  const local = new Date(at.getTime() + ahead * 60_000).toISOString().slice(0, -1)
  const [hours, rest] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60]
  return `${local}${ahead < 0 ? '-' : '+'}${[hours, rest].map((each) => `${each}`.padStart(2, '0')).join(':')}`
}

t.test('a time is the same in every zone', async (t) => {
  holds(
    t,
    property(moment, minutes, (at, ahead) => read(writtenAt(at, ahead)) === at.toISOString()),
  )
})

const digits = (length: number) =>
  integer({ min: 0, max: 10 ** length - 1 }).map((each) => `${each}`.padStart(length, '0'))

const looksLikeATime = tuple(
  ...[digits(4), constantFrom('-', '/'), digits(2), constantFrom('-', ''), digits(2)],
  ...[constantFrom('T', 't', ' '), digits(2), constantFrom(':'), digits(2), constantFrom(':')],
  ...[digits(2), constantFrom('', '.5', '.'), constantFrom('Z', 'z', '+09:00', '+0900', '-1', '')],
).map((parts) => parts.join(''))

t.test('an accepted time is returned as the same time', async (t) => {
  holds(
    t,
    property(looksLikeATime, (text) => {
      const shown = String(read(text))
      if ([form, years, leapSecond].includes(shown)) return true
      const inUtc = text.replace(/\+09:00$/, 'Z').toUpperCase()
      const ahead = text.endsWith('+09:00') ? 540 : 0
      return writtenAt(new Date(shown), ahead).slice(0, 19) === inUtc.slice(0, 19)
    }),
    500,
  )
})

t.test('random text gets the message that describes the form', async (t) => {
  holds(
    t,
    property(string({ maxLength: 40 }), (text) => read(text) === form),
  )
})

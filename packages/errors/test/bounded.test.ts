import { ApiError, errorBody } from '@flash-deal/errors'
import t from 'tap'

const bodyOf = (
  details: Record<string, unknown>,
  message = 'Some fields are not valid; see details.',
) => errorBody({ id: 'r'.repeat(64) }, new ApiError('VALIDATION_ERROR', { details, message }))

const detailsOf = (count: number, name: string, sentence: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, sentence]))

const bytesOf = (body: object): number => Buffer.byteLength(JSON.stringify(body))

t.test('an error reports up to twenty findings in full', async (t) => {
  const details = detailsOf(20, 'a field ', 'is wrong')
  t.strictSame(bodyOf(details), {
    error: 'VALIDATION_ERROR',
    message: 'Some fields are not valid; see details.',
    details,
    request_id: 'r'.repeat(64),
  })
})

t.test(
  'an error with more findings reports the first twenty and that there are more',
  async (t) => {
    const { message, details = {} } = bodyOf(detailsOf(21, 'a field ', 'is wrong'))
    t.strictSame(details, detailsOf(20, 'a field ', 'is wrong'))
    t.equal(message, 'Some fields are not valid; see details. There are more than these.')
  },
)

t.test('an error is always smaller than 8 KB', async (t) => {
  for (const unit of ['x', '\u0001', '"', '\\', 'é', '漢', '😀', '\ud800']) {
    for (const length of [1, 20, 99, 100, 101, 300, 5_000]) {
      const long = unit.repeat(length)
      for (const body of [
        bodyOf(detailsOf(30, long, 'is wrong')),
        bodyOf(detailsOf(30, 'a', long), long),
        bodyOf(detailsOf(30, long, long), long),
        bodyOf({ [long]: [long] }, long),
      ])
        t.ok(bytesOf(body) < 8_192, `${JSON.stringify(unit)} × ${length}: ${bytesOf(body)}`)
    }
  }
})

t.test('the first field is reported for any name', async (t) => {
  const { details = {} } = bodyOf({ ['\u0001'.repeat(5_000)]: '\u0001'.repeat(5_000) })
  t.strictSame(details, { [`${'\u0001'.repeat(100)}…`]: `${'\u0001'.repeat(300)}…` })
})

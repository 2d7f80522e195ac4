import { ApiError, catalogue, type ErrorCode, isErrorCode } from '@flash-deal/errors'
import t from 'tap'

const codes = Object.keys(catalogue).filter(isErrorCode)

t.test('every code has an error status and a message', async (t) => {
  for (const [code, { status, message }] of Object.entries(catalogue)) {
    t.match(code, /^[A-Z]+(_[A-Z]+)+$|^[A-Z]+$/)
    t.ok(status >= 400 && status <= 599, `${code} ${status}`)
    t.match(message, /^[A-Z].+\.$/, code)
  }
})

t.test('an error has the status and the message of its code', async (t) => {
  for (const code of codes) {
    const { statusCode, message, details } = new ApiError(code)
    t.strictSame([statusCode, message], [catalogue[code].status, catalogue[code].message])
    t.equal(details, undefined)
  }
})

t.test('only the codes of the catalogue are error codes', async (t) => {
  t.ok(codes.length > 20, `${codes.length} codes`)
  for (const word of ['', 'not_found', 'TEAPOT', 'constructor', 'toString']) {
    t.notOk(isErrorCode(word), word)
  }
})

t.test('a client that retries too early receives Retry-After', async (t) => {
  const withTime = codes.filter((code) => new ApiError(code).retryAfterS !== undefined)
  const repeatable: ErrorCode[] = ['IDEMPOTENCY_IN_PROGRESS', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE']
  t.strictSame(withTime.sort(), repeatable)
  t.equal(new ApiError('RATE_LIMITED').retryAfterS, 1)
  t.equal(new ApiError('RATE_LIMITED', { retryAfterS: 30 }).retryAfterS, 30)
})

t.test('an error keeps its cause, for the log', async (t) => {
  const cause = new Error('the disk is full')
  t.equal(new ApiError('INTERNAL_ERROR', { cause }).cause, cause)
})

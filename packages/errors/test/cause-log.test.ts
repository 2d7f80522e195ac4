import { ApiError, briefCause, CauseLog } from '@flash-deal/errors'
import t from 'tap'

const withCode = (code: string, message = 'postgres://user:secret@10.0.0.7/shop') =>
  Object.assign(new Error(message), { code })

const known = {
  '28P01': 'password authentication failed',
  '3D000': 'database not found',
  '53100': 'disk full',
  ENOSPC: 'disk full',
  '53300': 'too many connections',
  '57P01': 'shut down',
  '57P03': 'starting or stopping',
  '57014': 'timed out',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  CONNECTION_CLOSED: 'connection lost',
  CONNECT_TIMEOUT: 'timed out',
  UND_ERR_CONNECT_TIMEOUT: 'timed out',
  '42P01': 'does not answer',
}
for (const [code, words] of Object.entries(known)) {
  t.test(`${code} is reported as "${words}" at any depth of the causes`, async (t) => {
    const cause = withCode(code)
    const errors = [
      cause,
      new ApiError('SERVICE_UNAVAILABLE', { cause }),
      new AggregateError([new Error('one'), cause]),
      new ApiError('SERVICE_UNAVAILABLE', { cause: new AggregateError([cause]) }),
    ]
    for (const error of errors) t.equal(briefCause(error), words)
  })
}

t.test(
  'an error without a code is reported by its message, and a value that is no error too',
  async (t) => {
    t.equal(briefCause(new Error('PostgreSQL did not answer in time.')), 'timed out')
    t.equal(briefCause(new Error('Command timed out')), 'timed out')
    t.equal(briefCause(new Error('WRONGPASS invalid password')), 'password authentication failed')
    for (const error of ['text', undefined, null, {}]) t.equal(briefCause(error), 'does not answer')
    const circle = new Error('circle')
    circle.cause = circle
    t.equal(briefCause(circle), 'does not answer')
  },
)

type Line = Record<string, unknown>

const startLog = () => {
  const clock = { ms: 0 }
  const lines: Line[] = []
  const log = { warn: (fields: object, msg: string) => void lines.push({ ...fields, msg }) }
  const causeLog = new CauseLog(() => clock.ms)
  return { clock, lines, write: (error: unknown) => causeLog.write(log, error, 'It failed.') }
}

t.test('a cause is logged once per second with the number of suppressed lines', async (t) => {
  const { clock, lines, write } = startLog()
  const error = new ApiError('SERVICE_UNAVAILABLE', { cause: withCode('ECONNREFUSED', 'refused') })
  for (clock.ms = 0; clock.ms <= 2_000; clock.ms += 10) write(error)
  const line = { msg: 'It failed.', cause: 'connection refused', detail: 'refused' }
  t.strictSame(lines, [line, { ...line, suppressed: 99 }, { ...line, suppressed: 99 }])
})

t.test('a different cause is logged immediately', async (t) => {
  const { lines, write } = startLog()
  for (const code of ['ECONNREFUSED', '53100', 'ECONNREFUSED', '53100']) write(withCode(code))
  t.strictSame(
    lines.map(({ cause }) => cause),
    ['connection refused', 'disk full'],
  )
})

t.test('the stack is logged only for an unknown cause', async (t) => {
  const { lines, write } = startLog()
  const bug = new ApiError('SERVICE_UNAVAILABLE', { cause: new TypeError('x is not a function') })
  write(bug)
  write(new ApiError('SERVICE_UNAVAILABLE', { cause: withCode('53100') }))
  t.match(lines, [{ cause: 'does not answer', err: bug, detail: /not a function/ }, {}])
  t.notOk('err' in (lines[1] ?? {}))
})

t.test('at most 100 causes are in memory', async (t) => {
  const lines: Line[] = []
  const log = { warn: (fields: object) => void lines.push({ ...fields }) }
  const causeLog = new CauseLog(() => 0)
  for (let count = 0; count <= 100; count += 1) causeLog.write(log, undefined, `${count}`)
  causeLog.write(log, undefined, '100')
  causeLog.write(log, undefined, '0')
  t.equal(lines.length, 102, 'the last is remembered, the first is not')
})

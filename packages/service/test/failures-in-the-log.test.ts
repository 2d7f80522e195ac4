import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { appWith } from './app-with.ts'
import { documentOf, operation } from './document.ts'

const document = documentOf({
  '/away': { get: operation({ operationId: 'getAway' }) },
  '/full': { get: operation({ operationId: 'getFull' }) },
  '/bug': { get: operation({ operationId: 'getBug' }) },
})
const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), {
  code: 'ECONNREFUSED',
})
const handlers = {
  getAway: async () => {
    throw new ApiError('SERVICE_UNAVAILABLE', { cause: refused })
  },
  getFull: async () => {
    throw new ApiError('SERVICE_UNAVAILABLE')
  },
  getBug: async () => {
    throw new TypeError('x is not a function')
  },
}
const { app, lines } = await appWith(t, { document, handlers, settings: { LOG_LEVEL: 'info' } })

t.test('a 503 logs one line, and its cause at most once a second, without stacks', async (t) => {
  lines.splice(0)
  const begin = performance.now()
  for (let count = 0; count < 200; count += 1) await app.inject('/away')
  const seconds = (performance.now() - begin) / 1_000
  const requests = lines.filter(({ msg }) => msg === 'request completed')
  t.equal(requests.length, 200)
  t.match(requests[0], { status: 503, error: 'SERVICE_UNAVAILABLE', request_id: /\w/ })
  const causes = lines.filter(({ msg }) => msg !== 'request completed')
  t.ok(causes.length >= 1 && causes.length <= 1 + seconds, `${causes.length} in ${seconds} s`)
  t.match(causes[0], { cause: 'connection refused', detail: /ECONNREFUSED/, request_id: /\w/ })
  t.notMatch(JSON.stringify(lines), '"stack"')
})

t.test('a 503 without a cause, such as a full queue, logs one line', async (t) => {
  lines.splice(0)
  await app.inject('/full')
  t.match(lines, [{ msg: 'request completed', status: 503, error: 'SERVICE_UNAVAILABLE' }])
})

t.test('an unexpected error is logged each time with its stack', async (t) => {
  lines.splice(0)
  for (let count = 0; count < 3; count += 1) await app.inject('/bug')
  const errors = lines.filter(({ err }) => err !== undefined)
  t.match(errors, Array(3).fill({ level: 50, err: { stack: /is not a function/ } }))
})

t.test('the line of a success has no error', async (t) => {
  lines.splice(0)
  await app.inject('/nowhere')
  t.match(lines, [{ status: 404, error: 'NOT_FOUND' }])
  lines.splice(0)
  const { app: other, lines: own } = await appWith(t, { settings: { LOG_LEVEL: 'debug' } })
  await other.inject('/health')
  t.notOk(own.some((line) => 'error' in line))
})

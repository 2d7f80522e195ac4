import { setTimeout as pause } from 'node:timers/promises'
import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { appWith, type LogLine } from './app-with.ts'
import { documentOf, json, operation } from './document.ts'

const thing = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: { id: { type: 'integer' }, at: { type: 'string', format: 'date-time' } },
}

const document = documentOf({
  '/thing': {
    get: operation({ operationId: 'getThing', responses: { 200: json(thing) } }),
  },
})

const answering = (handler: Parameters<typeof handlersOf>[0]) => ({
  document,
  handlers: handlersOf(handler),
})
const handlersOf = (
  getThing: (_: unknown, reply: { code(status: number): unknown }) => unknown,
) => ({
  getThing: async (_: unknown, reply: { code(status: number): unknown }) => getThing(_, reply),
})

const internalError = {
  error: 'INTERNAL_ERROR',
  message: 'Something went wrong on our side.',
  request_id: 'a-request',
}

const inject = { url: '/thing', headers: { 'x-request-id': 'a-request' } }
const errorLines = (lines: LogLine[]) => lines.filter(({ level }) => level === 50)

t.test('an undeclared field is never sent', async (t) => {
  const { app } = await appWith(
    t,
    answering(() => ({ id: 1, password_hash: 'secret' })),
  )
  t.strictSame((await app.inject(inject)).json(), { id: 1 })
})

t.test('times are sent as ISO 8601 in UTC', async (t) => {
  const { app } = await appWith(
    t,
    answering(() => ({ id: 1, at: new Date(0) })),
  )
  t.strictSame((await app.inject(inject)).json(), { id: 1, at: '1970-01-01T00:00:00.000Z' })
})

t.test('an undeclared status becomes a 500 and is logged', async (t) => {
  const { app, lines } = await appWith(
    t,
    answering((_, reply) => {
      reply.code(418)
      return { id: 1, secret: 'teapot' }
    }),
  )
  const response = await app.inject(inject)
  t.equal(response.statusCode, 500)
  t.strictSame(response.json(), internalError)
  t.match(errorLines(lines), [
    { msg: 'A status that the contract does not name', operationId: 'getThing', statusCode: 418 },
  ])
})

t.test('an undeclared error status becomes a 500 too', async (t) => {
  const refuse = () => {
    throw new ApiError('FORBIDDEN')
  }
  const { app } = await appWith(t, answering(refuse))
  const response = await app.inject(inject)
  t.equal(response.statusCode, 500)
  t.strictSame(response.json(), internalError)
})

t.test('a response without a required field becomes a 500', async (t) => {
  const { app } = await appWith(
    t,
    answering(() => ({ at: new Date(0) })),
  )
  const response = await app.inject(inject)
  t.equal(response.statusCode, 500)
  t.strictSame(response.json(), internalError)
})

t.test('an error of a handler is logged with its causes and never sent', async (t) => {
  const fail = () => {
    throw new Error('the database is at 10.0.0.7', { cause: new Error('the first cause') })
  }
  const { app, lines } = await appWith(t, answering(fail))
  const response = await app.inject(inject)
  t.equal(response.statusCode, 500)
  t.strictSame(response.json(), internalError)
  const [line] = errorLines(lines)
  t.match(line, { request_id: 'a-request', trace_id: /^[0-9a-f]{32}$/ })
  t.match(JSON.stringify(line), /10\.0\.0\.7/)
  t.match(JSON.stringify(line), /the first cause/)
})

t.test('a thrown value that is not an error becomes a 500 too', async (t) => {
  const { app } = await appWith(
    t,
    answering(async () => {
      await pause(0)
      throw 'a word'
    }),
  )
  const response = await app.inject(inject)
  t.equal(response.statusCode, 500)
  t.strictSame(response.json(), internalError)
})

t.test('an ApiError is sent with its code, message and details', async (t) => {
  const details = { service: 'stopping' }
  const refuse = () => {
    throw new ApiError('SERVICE_UNAVAILABLE', { message: 'Not now.', details, retryAfterS: 7 })
  }
  const { app } = await appWith(t, answering(refuse))
  const response = await app.inject(inject)
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '7')
  t.match(response.headers['content-type'], /^application\/json/)
  t.strictSame(response.json(), {
    error: 'SERVICE_UNAVAILABLE',
    message: 'Not now.',
    details,
    request_id: 'a-request',
  })
})

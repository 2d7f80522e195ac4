import { ApiError, errorHandler } from '@flash-deal/errors'
import Fastify, { type LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'

type Envelope = { error: string; message: string; details?: unknown; request_id: string }

const schema = {
  body: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 2, pattern: '^[a-z]*$' },
      kind: { enum: ['book', 'lamp'] },
      items: {
        type: 'array',
        items: { type: 'object', properties: { n: { type: 'integer', maximum: 10 } } },
      },
    },
  },
} as const

/** The error that each path throws. */
const thrown: Record<string, () => unknown> = {
  '/refused': () => new ApiError('EMAIL_EXISTS'),
  '/unauthorized': () => new ApiError('UNAUTHORIZED'),
  '/busy': () => new ApiError('SERVICE_UNAVAILABLE', { retryAfterS: 7 }),
  '/limited': () => new ApiError('RATE_LIMITED'),
  '/under-way': () => new ApiError('IDEMPOTENCY_IN_PROGRESS'),
  '/detailed': () =>
    new ApiError('DEAL_NOT_FOUND', { message: 'Gone.', details: { deal_id: 'x', tries: 2 } }),
  '/caused': () => new ApiError('NOT_FOUND', { cause: new Error('secret cause') }),
  '/unexpected': () => new Error('secret of the house'),
  '/posing': () => Object.assign(new Error('secret'), { statusCode: 402, code: 'EMAIL_EXISTS' }),
  '/nested': () => new Error('secret', { cause: new ApiError('NOT_FOUND') }),
  '/text': () => 'secret text',
  '/nothing': () => undefined,
  '/null': () => null,
  '/object': () => ({ error: 'NOT_FOUND', message: 'secret', statusCode: 404 }),
}

const customOptions = { allErrors: true, removeAdditional: false } as const
const app = Fastify({ bodyLimit: 1_024, ajv: { customOptions } })
t.teardown(() => app.close())
const lines: unknown[] = []
app.addHook('onRequest', async (request) => {
  // Collects the log lines of a request without a stream.
  for (const level of ['debug', 'error'] as const) {
    request.log[level] = (...args: unknown[]) => void lines.push([level, ...args])
  }
})
await app.register(errorHandler)
for (const [url, error] of Object.entries(thrown)) {
  app.get(url, async () => {
    throw error()
  })
}
app.post('/thing', { schema }, async () => ({}))

const assertEnvelope = (
  t: Test,
  answer: LightMyRequestResponse,
  status: number,
  expected: Partial<Envelope>,
): void => {
  const { request_id, ...envelope } = answer.json<Envelope>()
  t.equal(answer.statusCode, status)
  t.hasStrict(envelope, expected)
  t.type(request_id, 'string')
  t.match(answer.headers['content-type'], /^application\/json/)
  const fields = Object.keys(envelope).filter((field) => field !== 'details')
  t.strictSame(fields, ['error', 'message'])
}

const post = (payload: string | object, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/thing', payload, headers: { 'content-type': type } })

t.test('an error of the catalogue is sent with its code, status and message', async (t) => {
  assertEnvelope(t, await app.inject('/refused'), 409, {
    error: 'EMAIL_EXISTS',
    message: 'An account with this email exists.',
  })
})

t.test('the message and details of an error are sent', async (t) => {
  assertEnvelope(t, await app.inject('/detailed'), 404, {
    error: 'DEAL_NOT_FOUND',
    message: 'Gone.',
    details: { deal_id: 'x', tries: 2 },
  })
})

t.test('401 has WWW-Authenticate; 503, 429 and a key in progress have Retry-After', async (t) => {
  t.equal((await app.inject('/unauthorized')).headers['www-authenticate'], 'Bearer')
  t.equal((await app.inject('/busy')).headers['retry-after'], '7')
  t.equal((await app.inject('/limited')).headers['retry-after'], '1')
  t.equal((await app.inject('/under-way')).headers['retry-after'], '1')
  const { headers } = await app.inject('/refused')
  t.notOk('retry-after' in headers || 'www-authenticate' in headers)
})

const unexpected = ['/unexpected', '/posing', '/nested', '/text', '/null', '/object', '/nothing']
for (const url of unexpected) {
  t.test(`an unexpected error is sent as INTERNAL_ERROR without details: ${url}`, async (t) => {
    const answer = await app.inject(url)
    assertEnvelope(t, answer, 500, {
      error: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
    })
    t.notMatch(answer.body, /secret|details|stack/)
  })
}

t.test('the cause of an error is logged and never sent', async (t) => {
  t.notMatch((await app.inject('/caused')).body, /secret|cause|stack/)
  lines.length = 0
  await app.inject('/unexpected')
  t.match(lines, [['error', { err: { cause: { message: 'secret of the house' } } }]])
})

t.test('a 4xx response is not logged as an error', async (t) => {
  lines.length = 0
  await app.inject('/refused')
  t.match(lines, [['debug', { code: 'EMAIL_EXISTS' }]])
})

const fastifys = [
  ['not JSON', () => post('{"name":'), 400, 'MALFORMED_BODY'],
  ['nothing', () => post(''), 400, 'MALFORMED_BODY'],
  ['a prototype', () => post('{"__proto__":{"x":1}}'), 400, 'MALFORMED_BODY'],
  ['a constructor', () => post('{"constructor":{"prototype":{}}}'), 400, 'MALFORMED_BODY'],
  ['another type', () => post('<a/>', 'application/xml'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a type that is none', () => post('x', 'x'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['too much', () => post({ name: 'x'.repeat(1_024) }), 413, 'PAYLOAD_TOO_LARGE'],
] as const
for (const [title, send, status, error] of fastifys) {
  t.test(`a body that Fastify rejects gets a code of the catalogue: ${title}`, async (t) => {
    const answer = await send()
    assertEnvelope(t, answer, status, { error })
    t.notMatch(answer.body, /FST_|Fastify/)
  })
}

t.test('a body that violates the schema gets a message for each field', async (t) => {
  const body = { name: 'A', kind: 'car', items: [{ n: 1 }, { n: 11 }], more: 1 }
  const answer = await post(body)
  assertEnvelope(t, answer, 422, { error: 'VALIDATION_ERROR' })
  t.strictSame(answer.json<Envelope>().details, {
    name: 'must NOT have fewer than 2 characters',
    kind: 'must be equal to one of the allowed values: book, lamp',
    'items.1.n': 'must be <= 10',
    more: 'must NOT have additional properties',
  })
})

t.test('no regular expression is sent', async (t) => {
  const { details } = (await post({ name: 'A1' })).json<Envelope>()
  t.strictSame(details, { name: 'does not have the required format' })
})

t.test(
  'a missing field is reported by its name, and a body that is no object as body',
  async (t) => {
    t.match((await post({})).json(), { details: { name: /required/ } })
    t.match((await post('[]')).json(), { details: { body: /must be object/ } })
  },
)

t.test('a field named like a member of Object.prototype is reported like any other', async (t) => {
  for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
    const answer = await post({ name: 'lamp', [name]: 1 })
    t.strictSame(answer.json<Envelope>().details, { [name]: 'must NOT have additional properties' })
  }
})

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Answer, callerAt, password, refuses } from './client.ts'
import { startSystem } from './system.ts'

const { url, anybody, newUser } = await startSystem(t)

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

t.test('an account is opened once for an email', async (t) => {
  const body = { email: `${randomUUID()}@example.com`, password, name: 'Mina Kim' }
  const answer = await anybody('POST /auth/register', { body })
  t.equal(answer.status, 201)
  const { id, created_at, ...rest } = answer.body
  t.match(id, uuid)
  t.match(created_at, time)
  t.strictSame(rest, { email: body.email, name: 'Mina Kim' })
  refuses(t, await anybody('POST /auth/register', { body }), 409, 'EMAIL_EXISTS')
})

t.test('an account with invalid fields is rejected, and each is named', async (t) => {
  const body = { email: 'x', password: 'short', name: 'M', role: 'admin' }
  const answer = await anybody('POST /auth/register', { body })
  refuses(t, answer, 422, 'VALIDATION_ERROR')
  t.strictSame(Object.keys(answer.body.details).sort(), ['email', 'name', 'password', 'role'])
})

t.test('email and password give tokens for protected operations', async (t) => {
  const { id, email, session, call } = await newUser()
  t.match(session, { access_token: /^[\w-]+\.[\w-]+\.[\w-]+$/, refresh_token: /./ })
  t.strictSame(Object.keys(session).sort(), [
    'access_token',
    'expires_in',
    'refresh_token',
    'token_type',
  ])
  t.match(session, { token_type: 'Bearer', expires_in: 3_600 })
  t.strictSame((await call('GET /auth/verify')).body, { valid: true, user_id: id })
  const profile = await call('GET /auth/users/me')
  t.equal(profile.status, 200)
  t.match(profile.body, { id, email, name: 'Mina Kim', created_at: time })
  t.equal((await call('GET /orders')).status, 200)
})

/** The response without the request id and the time. */
const tellingPartOf = ({ status, headers, text, body }: Answer) => ({
  status,
  text: text.replace(body.request_id, 'the id'),
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
})

t.test('a wrong password and an unknown email get the same response, byte for byte', async (t) => {
  const { email } = await newUser()
  const wrong = await anybody('POST /auth/login', { body: { email, password: 'another one' } })
  refuses(t, wrong, 401, 'INVALID_CREDENTIALS')
  t.equal(wrong.headers.get('www-authenticate'), 'Bearer')
  const unknown = { email: `${randomUUID()}@example.com`, password }
  const other = await anybody('POST /auth/login', { body: unknown })
  t.strictSame(tellingPartOf(other), tellingPartOf(wrong))
})

t.test('a missing password is rejected', async (t) => {
  const missing = await anybody('POST /auth/login', { body: { email: 'mina@example.com' } })
  refuses(t, missing, 422, 'VALIDATION_ERROR')
})

/** A password → whether an account may have it, and what a log-in with it gets if none has. */
const passwords = {
  'of no byte': ['', false, 422],
  'of one byte': ['p', false, 401],
  'of 1 KB': ['p'.repeat(1_024), true, 401],
  'of 1 KB and one byte': ['p'.repeat(1_025), false, 422],
  'of 1 KB in emoji': ['🔑'.repeat(256), true, 401],
  'of 1 KB and one byte in emoji': [`${'🔑'.repeat(256)}p`, false, 422],
  'of seven emoji': ['🔑'.repeat(7), false, 401],
  'of NUL alone': ['\0'.repeat(8), true, 401],
  'with NUL in it': ['before\0after', true, 401],
  'with half an emoji': ['password\ud83d', false, 422],
} as const

for (const [title, [given, isAllowed, otherwise]] of Object.entries(passwords))
  t.test(`a password ${title} ${isAllowed ? 'opens its account' : 'opens none'}`, async (t) => {
    const email = `${randomUUID()}@example.com`
    const body = { email, password: given }
    const registered = await anybody('POST /auth/register', { body: { ...body, name: 'Mina Kim' } })
    const login = await anybody('POST /auth/login', { body })
    t.strictSame([registered.status, login.status], isAllowed ? [201, 200] : [422, otherwise])
    const { email: another } = await newUser()
    const stolen = await anybody('POST /auth/login', { body: { email: another, password: given } })
    const code = otherwise === 401 ? 'INVALID_CREDENTIALS' : 'VALIDATION_ERROR'
    refuses(t, stolen, otherwise, code)
  })

t.test('a refresh token gives new tokens, both of them new', async (t) => {
  const { session } = await newUser()
  const body = { refresh_token: session.refresh_token }
  const answer = await anybody('POST /auth/refresh', { body })
  t.equal(answer.status, 200)
  t.match(answer.body, { token_type: 'Bearer', expires_in: 3_600 })
  t.not(answer.body.refresh_token, session.refresh_token)
  const renewed = callerAt(url, answer.body.access_token)
  t.equal((await renewed('GET /auth/verify')).status, 200)
})

t.test('an unknown refresh token is rejected', async (t) => {
  const answer = await anybody('POST /auth/refresh', { body: { refresh_token: 'x'.repeat(43) } })
  refuses(t, answer, 401, 'INVALID_TOKEN')
  refuses(t, await anybody('POST /auth/refresh', { body: {} }), 422, 'VALIDATION_ERROR')
})

t.test('without a token there is no profile and no verification', async (t) => {
  for (const call of ['GET /auth/verify', 'GET /auth/users/me']) {
    const answer = await anybody(call)
    refuses(t, answer, 401, 'UNAUTHORIZED')
    t.equal(answer.headers.get('www-authenticate'), 'Bearer')
    refuses(t, await callerAt(url, 'x.y.z')(call), 401, 'INVALID_TOKEN')
  }
})

t.test('the public keys are public, and public only', async (t) => {
  const answer = await anybody('GET /auth/.well-known/jwks.json')
  t.equal(answer.status, 200)
  t.match(answer.body.keys, [{ kty: 'EC', use: 'sig', alg: 'ES256', kid: /./ }])
  t.notMatch(answer.text, /"d":/)
})

t.test('a body of any type but application/json is 415', async (t) => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json garbage',
    'application/vnd.api+json',
    'garbage',
  ]) {
    const headers = { 'content-type': type }
    const answer = await anybody('POST /auth/login', { body: '{}', headers })
    refuses(t, answer, 415, 'UNSUPPORTED_MEDIA_TYPE')
  }
})

t.test('invalid JSON is 400, a missing body 422, one that is too large 413', async (t) => {
  for (const body of ['{', 'hello', '{"__proto__":{}}'])
    refuses(t, await anybody('POST /auth/login', { body }), 400, 'MALFORMED_BODY')
  for (const sent of [{}, { headers: { 'content-type': 'application/json' } }])
    refuses(t, await anybody('POST /auth/login', sent), 422, 'VALIDATION_ERROR')
  const limit = 131_072
  const bodyOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
  const largest = await anybody('POST /auth/login', { body: bodyOf(limit) })
  refuses(t, largest, 422, 'VALIDATION_ERROR')
  const larger = await anybody('POST /auth/login', { body: bodyOf(limit + 1) })
  refuses(t, larger, 413, 'PAYLOAD_TOO_LARGE')
})

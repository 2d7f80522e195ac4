import { randomUUID } from 'node:crypto'
import t from 'tap'
import { callerAt, password, refuses } from './client.ts'
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

t.test('an account with wrong fields is refused, each by name', async (t) => {
  const body = { email: 'x', password: 'short', name: 'M', role: 'admin' }
  const answer = await anybody('POST /auth/register', { body })
  refuses(t, answer, 422, 'VALIDATION_ERROR')
  t.strictSame(Object.keys(answer.body.details).sort(), ['email', 'name', 'password', 'role'])
})

t.test('email and password give tokens that open what is protected', async (t) => {
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

t.test('a wrong password and an unknown email get the same answer', async (t) => {
  const { email } = await newUser()
  const wrong = await anybody('POST /auth/login', { body: { email, password: 'another one' } })
  const unknown = await anybody('POST /auth/login', {
    body: { email: `${randomUUID()}@example.com`, password },
  })
  for (const answer of [wrong, unknown]) {
    refuses(t, answer, 401, 'INVALID_CREDENTIALS')
    t.equal(answer.headers.get('www-authenticate'), 'Bearer')
  }
  t.equal(wrong.body.message, unknown.body.message)
  const missing = await anybody('POST /auth/login', { body: { email } })
  refuses(t, missing, 422, 'VALIDATION_ERROR')
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

t.test('a refresh token that is not ours is refused', async (t) => {
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

t.test('a body that is no JSON is 400, one that is missing 422, one too large 413', async (t) => {
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

import { assertRefused, freshDatabase, type Refusal } from '@flash-deal/testing'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { buildAuth, logIn, register, type Session, someone } from './client.ts'
import { rejectsBodies } from './refusals.ts'
import { rowsOf } from './rows.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())
const app = await buildAuth(t, { database })
const mina = { email: 'mina@example.com', password: 'correct horse battery' }
await register(app, { ...mina, name: 'Mina Kim' })

t.test('the response has both tokens, their type and their lifetime', async (t) => {
  const answer = await logIn(app, mina)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const { access_token, refresh_token, ...rest } = answer.json<Session>()
  t.strictSame(rest, { token_type: 'Bearer', expires_in: 3600 })
  t.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
  t.match(refresh_token, /^[\w-]{43}$/)
})

t.test('the access token has sub, aud, iss and exp', async (t) => {
  const { access_token } = (await logIn(app, mina)).json<Session>()
  const [header = '', payload = ''] = access_token.split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  t.match(decode(header), { alg: 'RS256', typ: 'JWT', kid: /^[\w-]{43}$/ })
  const { iat, exp, sub, ...rest } = decode(payload)
  const [user] = await rowsOf(database, 'users')
  t.strictSame(rest, { type: 'access', iss: 'flash-deal', aud: 'flash-deal' })
  t.equal(sub, user?.id)
  t.equal(exp - iat, 3600)
})

t.test('the lifetime of an access token can be set', async (t) => {
  const brief = await buildAuth(t, { database, settings: { ACCESS_TOKEN_TTL_S: '60' } })
  const { access_token, expires_in } = (await logIn(brief, mina)).json<Session>()
  const payload = Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()
  const { iat, exp } = JSON.parse(payload)
  t.strictSame([expires_in, exp - iat], [60, 60])
})

t.test('each log-in gets new tokens', async (t) => {
  const [first, second] = await Promise.all([logIn(app, mina), logIn(app, mina)])
  t.not(first.json<Session>().refresh_token, second.json<Session>().refresh_token)
})

t.test('a log-in compares the email without case', async (t) => {
  t.equal((await logIn(app, { ...mina, email: 'MINA@Example.COM' })).statusCode, 200)
})

t.test('invalid bodies are rejected, and every missing field is named', async (t) => {
  await rejectsBodies(t, app, '/auth/login', ['email', 'password'])
})

t.test('an unknown email and a wrong password get the same response', async (t) => {
  const wrong = await logIn(app, { ...mina, password: 'wrong horse battery' })
  const unknown = await logIn(app, { ...mina, email: 'nobody@example.com' })
  assertRefused(t, wrong, 401, 'INVALID_CREDENTIALS')
  t.strictSame(comparablePartOf(unknown), comparablePartOf(wrong))
})

t.test('a password must match completely, including case', async (t) => {
  const body = someone({ password: 'Before\0after 🔑' })
  await register(app, body)
  const { email } = body
  const others = ['Before', 'Before\0', 'Before\0other 🔑', 'before\0after 🔑', ' Before\0after 🔑']
  for (const password of others) {
    assertRefused(t, await logIn(app, { email, password }), 401, 'INVALID_CREDENTIALS')
  }
  t.equal((await logIn(app, { email, password: body.password })).statusCode, 200)
})

t.test('a rejected log-in stores no refresh token', async (t) => {
  const before = await rowsOf(database, 'refresh_tokens')
  await logIn(app, { ...mina, password: 'wrong horse battery' })
  await logIn(app, { ...mina, email: 'nobody@example.com' })
  t.strictSame(await rowsOf(database, 'refresh_tokens'), before)
})

const withinBounds = {
  'a password of 1 character': { password: 'p' },
  'a password of 1024 bytes': { password: `${'비'.repeat(341)}p` },
  'an email of 254 characters': { email: `${'m'.repeat(50)}@${`${'d'.repeat(49)}.`.repeat(4)}com` },
}
for (const [title, given] of Object.entries(withinBounds)) {
  t.test(`${title} is verified, and is wrong`, async (t) => {
    assertRefused(t, await logIn(app, { ...mina, ...given }), 401, 'INVALID_CREDENTIALS')
  })
}

const outOfBounds = {
  'an empty password': { password: '' },
  'a password of 1025 bytes': { password: `${'비'.repeat(341)}pp` },
  'a password of 1025 characters': { password: 'p'.repeat(1025) },
  'a password with half a surrogate pair': { password: 'password\uD83C' },
  'a password that is not a string': { password: { $ne: '' } },
  'an email of 255 characters': { email: `${'m'.repeat(51)}@${`${'d'.repeat(49)}.`.repeat(4)}com` },
  'a malformed email': { email: "' or 1=1 --" },
  'an email with NUL in it': { email: 'mi\0na@example.com' },
  'an undeclared field': { remember: true },
}
for (const [title, given] of Object.entries(outOfBounds)) {
  t.test(`${title} is rejected, and the field is named`, async (t) => {
    const answer = await logIn(app, { ...mina, ...given })
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', Object.keys(given))
  })
}

t.test(
  'log-ins beyond the limit of the queue are rejected, whether the user exists or not',
  async (t) => {
    const settings = { PASSWORD_CONCURRENCY: '1', PASSWORD_QUEUE_MAX: '1' }
    const busy = await buildAuth(t, { database, settings })
    const bodies = Array.from({ length: 10 }, (_, n) => (n % 2 ? mina : someone()))
    const answers = await Promise.all(
      bodies.map(({ email, password }) => logIn(busy, { email, password })),
    )
    const rejected = answers.filter(({ statusCode }) => statusCode === 503)
    t.ok(rejected.length > 0 && rejected.length <= 8, `${rejected.length} of 10 were rejected`)
    for (const answer of rejected) assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE')
    t.equal((await logIn(busy, mina)).statusCode, 200, 'and afterwards the queue has room again')
  },
)

t.test('a log-in of an unknown user waits in the same queue for hashing', async (t) => {
  const settings = { PASSWORD_CONCURRENCY: '1', PASSWORD_QUEUE_MAX: '1' }
  const busy = await buildAuth(t, { database, settings })
  const nobodies = Array.from({ length: 10 }, () => someone())
  const answers = await Promise.all(
    nobodies.map(({ email, password }) => logIn(busy, { email, password })),
  )
  const rejected = answers.filter(({ statusCode }) => statusCode === 503)
  t.ok(rejected.length > 0, 'without hashing, all ten would succeed')
})

t.test('a password whose deadline passes in the queue is not verified', async (t) => {
  const settings = { PASSWORD_CONCURRENCY: '1', DEADLINE_MS: '150' }
  const busy = await buildAuth(t, { database, settings })
  const asked = Array.from({ length: 60 }, () => logIn(busy, mina))
  const answers = await Promise.all(asked)
  const late = answers.filter(({ statusCode }) => statusCode !== 200)
  t.ok(late.length > 0, 'sixty passwords take longer than that')
  // 504 if the deadline has passed before the queue is reached.
  for (const answer of late)
    t.match(answer.json().error, /^(SERVICE_UNAVAILABLE|DEADLINE_EXCEEDED)$/)
})

/** Everything in which two responses could differ, except the time and the request id. */
function comparablePartOf(answer: LightMyRequestResponse): unknown {
  const { date: _, 'x-request-id': __, ...headers } = answer.headers
  const { error, message, details } = answer.json<Refusal>()
  return { status: answer.statusCode, headers, error, message, details }
}

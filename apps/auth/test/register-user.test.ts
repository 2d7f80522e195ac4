import { assertRefused, freshDatabase, type Refusal } from '@flash-deal/testing'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { buildAuth, logIn, register, someone, time, type User, uuid } from './client.ts'
import { rejectsBodies } from './refusals.ts'
import { rowsOf } from './rows.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())
const app = await buildAuth(t, { database })

const statuses = (answers: LightMyRequestResponse[]): number[] =>
  answers.map(({ statusCode }) => statusCode).sort()

/** `count` concurrent registrations with the bodies of `body`. */
const together = (count: number, body: (n: number) => object): Promise<LightMyRequestResponse[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => register(app, body(n))))

t.test('the response has the account and nothing else', async (t) => {
  const { email, password, name } = someone()
  const answer = await register(app, { email, password, name })
  t.equal(answer.statusCode, 201)
  const { id, created_at, ...rest } = answer.json<User>()
  t.strictSame(rest, { email, name })
  t.match(id, uuid)
  t.match(created_at, time)
})

t.test('invalid bodies are rejected, and every missing field is named', async (t) => {
  await rejectsBodies(t, app, '/auth/register', ['email', 'name', 'password'])
})

t.test('emails are compared without case', async (t) => {
  const body = someone({ email: `Mina.${Date.now()}@Example.com` })
  t.equal((await register(app, body)).json<User>().email, body.email)
  const again = { ...body, email: body.email.toUpperCase(), name: 'Another' }
  assertRefused(t, await register(app, again), 409, 'EMAIL_EXISTS')
  assertRefused(t, await register(app, body), 409, 'EMAIL_EXISTS')
})

t.test('a rejected registration does not change the password of the account', async (t) => {
  const body = someone()
  await register(app, body)
  await register(app, { ...body, password: 'another password' })
  const { email, password } = body
  t.equal((await logIn(app, { email, password })).statusCode, 200)
  assertRefused(
    t,
    await logIn(app, { email, password: 'another password' }),
    401,
    'INVALID_CREDENTIALS',
  )
})

t.test('of many concurrent registrations with one email exactly one succeeds', async (t) => {
  const body = someone()
  const answers = await together(10, (n) => ({
    ...body,
    email: n % 2 ? body.email : body.email.toUpperCase(),
  }))
  t.strictSame(statuses(answers), [201, ...Array(9).fill(409)])
})

const accepted = {
  'an email of 254 characters': { email: emailOf(254) },
  'an email with a plus': { email: 'a+b.c@sub.example.co.kr' },
  'a name of 2 characters': { name: 'Jo' },
  'a name of 50 characters': { name: 'x'.repeat(50) },
  'a name of 50 characters beyond the basic plane': { name: '🎧'.repeat(50) },
  'a password of 8 characters': { password: 'p'.repeat(8) },
  'a password of 8 emoji': { password: '🔑'.repeat(8) },
  'a password of 1024 bytes': { password: 'p'.repeat(1024) },
  'a password of 1024 bytes of several a character': { password: `${'비'.repeat(341)}p` },
  'a password with NUL in it': { password: 'before\0after' },
  'a password with white space at both ends': { password: '  space  ' },
}

for (const [title, given] of Object.entries(accepted)) {
  t.test(`${title} registers, and logs in`, async (t) => {
    const { email, password, name } = someone(given)
    const answer = await register(app, { email, password, name })
    t.equal(answer.statusCode, 201)
    t.hasStrict(answer.json<User>(), { email, name })
    t.equal((await logIn(app, { email, password })).statusCode, 200)
  })
}

const refused = {
  'an email of 255 characters': { email: emailOf(255) },
  'an email without an at sign': { email: 'mina.example.com' },
  'an email with a space': { email: ' mina@example.com' },
  'an email with NUL in it': { email: 'mi\0na@example.com' },
  'an empty email': { email: '' },
  'an email that is no text': { email: 1 },
  'an email that is a list': { email: ['mina@example.com'] },
  'a name of 1 character': { name: 'x' },
  'a name of 1 character beyond the basic plane': { name: '🎧' },
  'a name of 51 characters': { name: 'x'.repeat(51) },
  'a name with NUL in it': { name: 'Mi\0na' },
  'a name with half a surrogate pair': { name: 'Mina \uD83C' },
  'a name that is null': { name: null },
  'a password of 7 characters': { password: 'p'.repeat(7) },
  'a password of 7 emoji': { password: '🔑'.repeat(7) },
  'a password of 1025 bytes': { password: 'p'.repeat(1025) },
  'a password of 1025 bytes of several a character': { password: `${'비'.repeat(341)}pp` },
  'a password of 1024 characters in more bytes': { password: 'é'.repeat(1024) },
  'a password with half a surrogate pair': { password: 'password\uDFA7' },
  'a password that is a number': { password: 12345678 },
  'an undeclared field': { is_admin: true },
  'a field with the name of a method': { constructor: 1 },
  'an id of the own choice': { id: '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36' },
}

for (const [title, given] of Object.entries(refused)) {
  t.test(`${title} is rejected, the field is named, and no account is created`, async (t) => {
    const before = await rowsOf(database, 'users')
    const answer = await register(app, { ...someone(), ...given })
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', Object.keys(given))
    t.strictSame(await rowsOf(database, 'users'), before)
  })
}

t.test('all invalid fields are reported together', async (t) => {
  const answer = await register(app, { email: 'x', password: 'short', extra: 1 })
  const fields = ['email', 'extra', 'name', 'password']
  assertRefused(t, answer, 422, 'VALIDATION_ERROR', fields)
  t.match(answer.json<Refusal>().details, { name: /required/, password: /8 characters/ })
})

t.test('passwords are stored as argon2id hashes, each with a different salt', async (t) => {
  const password = 'the same for both'
  await Promise.all([register(app, someone({ password })), register(app, someone({ password }))])
  const users = await rowsOf(database, 'users')
  t.notMatch(JSON.stringify(users), password)
  const hashes = users.map(({ password_hash }) => String(password_hash))
  for (const hash of hashes)
    t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/)
  t.equal(new Set(hashes).size, hashes.length)
})

t.test('beyond the limit of the queue, requests get 503 with Retry-After', async (t) => {
  const settings = { PASSWORD_CONCURRENCY: '1', PASSWORD_QUEUE_MAX: '1' }
  const busy = await buildAuth(t, { database, settings })
  const bodies = Array.from({ length: 10 }, () => someone())
  const answers = await Promise.all(bodies.map((body) => register(busy, body)))
  const rejected = bodies.filter((_, n) => answers[n]?.statusCode === 503)
  t.ok(rejected.length > 0 && rejected.length <= 8, `${rejected.length} of 10 were rejected`)
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 201)) {
    assertRefused(t, answer, 503, 'SERVICE_UNAVAILABLE')
  }
  for (const body of rejected)
    t.equal((await register(busy, body)).statusCode, 201, 'left no trace')
})

/** An address of this length, in which each part has a valid length. */
function emailOf(length: number): string {
  const domain = `${`${'d'.repeat(60)}.`.repeat(3)}example.com`
  return `${'m'.repeat(length - domain.length - 1)}@${domain}`
}

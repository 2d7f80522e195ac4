import { assertRefused, freshDatabase } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  buildAuth,
  logIn,
  newSession,
  refresh,
  register,
  type Session,
  someone,
  verify,
} from './client.ts'
import { rejectsBodies } from './refusals.ts'
import { asAdmin, rowsOf } from './rows.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())
const app = await buildAuth(t, { database })

const next = async (t: Test, app: FastifyInstance, token: string): Promise<string> => {
  const answer = await refresh(app, token)
  t.equal(answer.statusCode, 200)
  return answer.json<Session>().refresh_token
}

const isRefused = async (t: Test, app: FastifyInstance, token: string): Promise<void> =>
  assertRefused(t, await refresh(app, token), 401, 'INVALID_TOKEN')

t.test('a refresh token is exchanged for new tokens of the same user', async (t) => {
  const { refresh_token, user } = await newSession(app)
  const answer = await refresh(app, refresh_token)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const { access_token, refresh_token: successor, ...rest } = answer.json<Session>()
  t.strictSame(rest, { token_type: 'Bearer', expires_in: 3600 })
  t.not(successor, refresh_token)
  t.strictSame((await verify(app, access_token)).json(), { valid: true, user_id: user.id })
})

t.test('each successor can be exchanged too', async (t) => {
  const { refresh_token } = await newSession(app)
  const second = await next(t, app, refresh_token)
  const third = await next(t, app, second)
  t.equal(new Set([refresh_token, second, third, await next(t, app, third)]).size, 4)
})

t.test('invalid bodies are rejected, and every missing field is named', async (t) => {
  await rejectsBodies(t, app, '/auth/refresh', ['refresh_token'])
})

const unknown = {
  'one character': 'x',
  'a token of the right form': 'A'.repeat(43),
  '4096 characters': 'x'.repeat(4096),
  'no ASCII': '갱신 🔑',
}
for (const [title, token] of Object.entries(unknown)) {
  t.test(`a token that was never issued is rejected: ${title}`, async (t) => {
    await isRefused(t, app, token)
  })
}

t.test('an access token is rejected as a refresh token', async (t) => {
  await isRefused(t, app, (await newSession(app)).access_token)
})

const malformed = ['', 'x'.repeat(4097), 'a\0b', 'a\uD83C', 1, null, ['x']]
for (const refresh_token of malformed) {
  const shown = JSON.stringify(refresh_token).slice(0, 20)
  t.test(`a malformed token is rejected, and the field is named: ${shown}`, async (t) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/auth/refresh',
      payload: { refresh_token },
    })
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', ['refresh_token'])
  })
}

t.test('a body with an undeclared field is rejected and does not use the token', async (t) => {
  const { refresh_token } = await newSession(app)
  const payload = { refresh_token, user_id: 'another' }
  const answer = await app.inject({ method: 'POST', url: '/auth/refresh', payload })
  assertRefused(t, answer, 422, 'VALIDATION_ERROR', ['user_id'])
  const strict = await buildAuth(t, { database, settings: { REFRESH_GRACE_MS: '0' } })
  await next(t, strict, refresh_token)
})

t.test('a used token gives the same successor again during the grace period', async (t) => {
  const { refresh_token } = await newSession(app)
  const successor = await next(t, app, refresh_token)
  t.equal(await next(t, app, refresh_token), successor)
  const third = await next(t, app, successor)
  t.equal(await next(t, app, refresh_token), successor, 'also when that is used itself')
  t.equal(await next(t, app, successor), third)
})

t.test('a second use does not extend the grace period of a token', async (t) => {
  const { refresh_token } = await newSession(app)
  await next(t, app, refresh_token)
  const before = await rowsOf(database, 'refresh_tokens where used_at is not null')
  await next(t, app, refresh_token)
  t.strictSame(await rowsOf(database, 'refresh_tokens where used_at is not null'), before)
})

t.test('50 concurrent uses of one token, at two processes, give one successor', async (t) => {
  const other = await buildAuth(t, { database })
  const { refresh_token } = await newSession(app)
  const apps = Array.from({ length: 50 }, (_, count) => (count % 2 === 0 ? app : other))
  const successors = await Promise.all(apps.map((each) => next(t, each, refresh_token)))
  t.equal(new Set(successors).size, 1)
  await next(t, other, successors[0] ?? '')
})

t.test('a token that was used before the migration has one successor too', async (t) => {
  const { refresh_token } = await newSession(app)
  await next(t, app, refresh_token)
  await asAdmin(database, 'update auth.refresh_tokens set successor_salt = null')
  t.equal(await next(t, app, refresh_token), await next(t, app, refresh_token))
})

/** Ends the grace period of every used token. */
const passGrace = () =>
  asAdmin(database, "update auth.refresh_tokens set used_at = used_at - interval '11 seconds'")

t.test('a use after the grace period revokes the log-in with all its tokens', async (t) => {
  const { refresh_token } = await newSession(app)
  const successor = await next(t, app, refresh_token)
  await passGrace()
  await isRefused(t, app, refresh_token)
  await isRefused(t, app, successor)
})

t.test(
  'after a late use the whole family is revoked, including concurrent exchanges',
  async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const { refresh_token } = await newSession(app)
      const successor = await next(t, app, refresh_token)
      await passGrace()
      const uses = [successor, refresh_token, successor, refresh_token, successor]
      const answers = await Promise.all(uses.map((token) => refresh(app, token)))
      t.strictSame([answers[1]?.statusCode, answers[3]?.statusCode], [401, 401])
      const given = answers.flatMap((answer) => answer.json<Partial<Session>>().refresh_token ?? [])
      for (const token of [successor, ...given]) await isRefused(t, app, token)
    }
  },
)

t.test('a refresh token expires', async (t) => {
  const { refresh_token } = await newSession(app)
  await asAdmin(database, 'update auth.refresh_tokens set expires_at = now()')
  await isRefused(t, app, refresh_token)
})

t.test('the lifetime of a refresh token can be set', async (t) => {
  const brief = await buildAuth(t, { database, settings: { REFRESH_TOKEN_TTL_S: '77' } })
  await newSession(brief)
  const left = 'extract(epoch from max(expires_at) - now())::int as left_s'
  const where = "where expires_at between now() and now() + interval '78 seconds'"
  const [row] = await asAdmin(database, `select ${left} from auth.refresh_tokens ${where}`)
  t.ok(row?.left_s > 60 && row?.left_s <= 77, `${row?.left_s} s are left`)
})

t.test('the stored digest cannot be used as a token', async (t) => {
  const { refresh_token, access_token } = await newSession(app)
  const tables = ['users', 'refresh_families', 'refresh_tokens']
  const stored = await Promise.all(tables.map((table) => rowsOf(database, table)))
  const text = JSON.stringify(stored, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  t.notOk(text.includes(refresh_token))
  t.notOk(text.includes(Buffer.from(refresh_token, 'base64url').toString('latin1')))
  t.notOk(text.includes(access_token))
})

t.test('without a grace period', async (t) => {
  const strict = await buildAuth(t, { database, settings: { REFRESH_GRACE_MS: '0' } })

  t.test('a token can be used once; a second use revokes the family', async (t) => {
    const { refresh_token } = await newSession(strict)
    const successor = await next(t, strict, refresh_token)
    await isRefused(t, strict, refresh_token)
    await isRefused(t, strict, successor)
    await isRefused(t, strict, refresh_token)
  })

  t.test("revoking a family does not affect the user's other log-ins", async (t) => {
    const body = someone()
    await register(strict, body)
    const credentials = { email: body.email, password: body.password }
    const stolen = (await logIn(strict, credentials)).json<Session>().refresh_token
    const other = (await logIn(strict, credentials)).json<Session>().refresh_token
    await next(t, strict, stolen)
    await isRefused(t, strict, stolen)
    await next(t, strict, other)
  })

  t.test('of many concurrent uses at most one succeeds', async (t) => {
    const { refresh_token } = await newSession(strict)
    const uses = Array.from({ length: 10 }, () => refresh(strict, refresh_token))
    const statuses = (await Promise.all(uses)).map(({ statusCode }) => statusCode)
    t.strictSame(statuses.sort(), [200, ...Array(9).fill(401)])
  })
})

import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { callerAt, refuses } from '../../../test/client.ts'
import { algorithms, type FakeAuth, fakeAuth, newKey, witnessed } from '../../../test/fake-auth.ts'
import { startObliging } from '../../../test/gateway-alone.ts'

/** M6 by itself. That every variant says the same of a token is in test/forged-tokens.test.ts. */

const optimized = { M6: 'optimized' } as const

/** So quick that a test need not wait, and so slow that it can count. */
const quick = { JWKS_REFRESH_MS: '100', JWKS_COOLDOWN_MS: '10' }
/** No refresh of the keys unless a token needs one. */
const lazy = { JWKS_REFRESH_MS: '3600000', JWKS_COOLDOWN_MS: '10' }

const start = async (t: Test, auths: FakeAuth[], settings: Record<string, string>) => {
  const AUTH_URLS = auths.map(({ url }) => url).join()
  const { app, url, order } = await startObliging(t, { AUTH_URLS, ...settings }, optimized)
  const ordersBy = (token: string) => callerAt(url, token)('GET /orders')
  return { app, order, ordersBy, anybody: callerAt(url) }
}

for (const alg of algorithms) {
  t.test(`${alg}: the gateway verifies, and calls auth only for its keys`, async (t) => {
    const key = newKey(alg)
    const auth = await fakeAuth(t, key)
    const { app, order, ordersBy } = await start(t, [auth], lazy)
    const users = [randomUUID(), randomUUID()]
    for (const user of users) t.equal((await ordersBy(key.token(user))).status, 200)
    refuses(t, await ordersBy(newKey(alg).token()), 401, 'INVALID_TOKEN')
    t.strictSame(
      order.received.map(({ headers }) => headers['x-user-id']),
      users,
    )
    t.ok(auth.received.every(({ path }) => path === '/auth/.well-known/jwks.json'))
    t.match(await witnessed(app, 'M6'), { verified_here: 2, keys_awaited: Number })
  })
}

t.test('without a token auth is not called', async (t) => {
  const auth = await fakeAuth(t, newKey())
  const { anybody } = await start(t, [auth], lazy)
  await until(() => auth.asked() === 1)
  refuses(t, await anybody('GET /orders'), 401, 'UNAUTHORIZED')
  t.equal(auth.asked(), 1)
})

t.test('the baseline does not ask auth for a token that is too long', async (t) => {
  const auth = await fakeAuth(t, newKey())
  const { url } = await startObliging(t, { AUTH_URLS: auth.url }, { M6: 'baseline' })
  const checks = () => auth.received.filter(({ path }) => path === '/auth/verify').length
  const long = callerAt(url, `a.b.${'A'.repeat(6_000)}`)
  refuses(t, await long('GET /orders'), 401, 'INVALID_TOKEN')
  t.equal(checks(), 0)
  await callerAt(url, newKey().token())('GET /orders')
  t.equal(checks(), 1, 'where a check is counted')
})

t.test('a token with a new key is accepted immediately, and the old key stays valid', async (t) => {
  const [old, fresh] = [newKey(), newKey('EdDSA')]
  const auth = await fakeAuth(t, old)
  const { ordersBy } = await start(t, [auth], lazy)
  t.equal((await ordersBy(old.token())).status, 200)
  auth.use(old, fresh)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => ordersBy((index % 2 ? old : fresh).token())),
  )
  t.ok(answers.every(({ status }) => status === 200))
})

t.test('a token with a new key is accepted while others name invented keys', async (t) => {
  const [old, fresh] = [newKey(), newKey()]
  const auth = await fakeAuth(t, old)
  const { ordersBy } = await start(t, [auth], { ...lazy, JWKS_COOLDOWN_MS: '300' })
  t.equal((await ordersBy(old.token())).status, 200)
  const madeUp = ordersBy(newKey().token())
  await until(() => auth.asked() === 2)
  auth.use(old, fresh)
  t.equal((await ordersBy(fresh.token())).status, 200, 'within the cool-down, it waits')
  refuses(t, await madeUp, 401, 'INVALID_TOKEN')
})

t.test('tokens with invented keys cause one request to auth per JWKS_COOLDOWN_MS', async (t) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const { ordersBy } = await start(t, [auth], { ...lazy, JWKS_COOLDOWN_MS: '200' })
  t.equal((await ordersBy(key.token())).status, 200)
  const startedAt = performance.now()
  const madeUp = newKey()
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ordersBy(madeUp.token())))
    for (const { status } of answers) t.equal(status, 401)
  }
  const cooldowns = (performance.now() - startedAt) / 200
  t.ok(auth.asked() <= 3 + cooldowns, `${auth.asked()} requests in ${cooldowns} cool-downs`)
  t.ok(auth.asked() >= 4, 'each round learns what auth says after it came')
})

t.test('a thousand requests can wait for a key, one more is 503 with Retry-After', async (t) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const { app, ordersBy } = await start(t, [auth], { ...lazy, DEADLINE_MS: '10000' })
  t.equal((await ordersBy(key.token())).status, 200)
  const held: (() => void)[] = []
  auth.behave((answer) => held.push(answer))
  const madeUp = newKey().token()
  const statuses: number[] = []
  const asked = Array.from({ length: 1_001 }, async () => {
    const headers = { authorization: `Bearer ${madeUp}` }
    const { statusCode } = await app.inject({ url: '/orders', headers })
    statuses.push(statusCode)
  })
  await until(() => statuses.length > 0 && held.length > 0)
  t.strictSame(statuses, [503])
  t.equal((await ordersBy(key.token())).status, 200, 'requests with known keys do not wait')
  auth.isBack()
  for (const answer of held) answer()
  await Promise.all(asked)
  t.equal(statuses.filter((status) => status === 401).length, 1_000)
})

t.test('a retired key is rejected', async (t) => {
  const [old, fresh] = [newKey(), newKey()]
  const auth = await fakeAuth(t, old, fresh)
  const { ordersBy } = await start(t, [auth], quick)
  const token = old.token()
  t.equal((await ordersBy(token)).status, 200)
  auth.use(fresh)
  await until(async () => (await ordersBy(token)).status === 401)
  refuses(t, await ordersBy(token), 401, 'INVALID_TOKEN')
  t.equal((await ordersBy(fresh.token())).status, 200)
})

t.test('while auth is unavailable known keys are accepted, and unknown ones are 503', async (t) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const { ordersBy } = await start(t, [auth], quick)
  t.equal((await ordersBy(key.token())).status, 200)
  auth.isAway()
  const before = auth.asked()
  await until(() => auth.asked() > before + 1)
  t.equal((await ordersBy(key.token())).status, 200)
  const unknown = await ordersBy(newKey().token())
  refuses(t, unknown, 503, 'SERVICE_UNAVAILABLE')
  t.equal(unknown.headers.get('retry-after'), '1')
  refuses(t, await ordersBy('a.b.c'), 401, 'INVALID_TOKEN')
})

t.test('keys that cannot be refreshed become too old, and readiness reports it', async (t) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const { anybody, ordersBy } = await start(t, [auth], { ...quick, JWKS_MAX_AGE_MS: '500' })
  t.equal((await ordersBy(key.token())).status, 200)
  auth.isAway()
  await until(async () => (await ordersBy(key.token())).status === 503)
  t.match((await anybody('GET /health/ready')).body, { details: { 'auth-keys': /./ } })
  auth.isBack()
  await until(async () => (await ordersBy(key.token())).status === 200)
})

t.test(
  'if auth is unavailable at the start, the gateway is not ready and tokens are 503',
  async (t) => {
    const key = newKey()
    const auth = await fakeAuth(t, key)
    auth.isAway()
    const { anybody, ordersBy } = await start(t, [auth], quick)
    refuses(t, await ordersBy(key.token()), 503, 'SERVICE_UNAVAILABLE')
    refuses(t, await ordersBy('a.b.c'), 401, 'INVALID_TOKEN')
    t.equal((await anybody('GET /products')).status, 200)
    const unready = await anybody('GET /health/ready')
    refuses(t, unready, 503, 'SERVICE_UNAVAILABLE')
    t.match(unready.body.details, { 'auth-keys': /./ })
    auth.isBack()
    await until(async () => (await anybody('GET /health/ready')).status === 200)
    t.equal((await ordersBy(key.token())).status, 200)
  },
)

t.test('if auth does not respond, a request gets a response within its deadline', async (t) => {
  const auth = await fakeAuth(t, newKey())
  auth.behave(() => {})
  const { ordersBy } = await start(t, [auth], { ...quick, DEADLINE_MS: '100' })
  refuses(t, await ordersBy(newKey().token()), 504, 'DEADLINE_EXCEEDED')
})

t.test('the keys of several auth instances are merged', async (t) => {
  const [one, other] = [newKey(), newKey('RS256')]
  const auths = [await fakeAuth(t, one), await fakeAuth(t, other)]
  const { ordersBy } = await start(t, auths, quick)
  for (const key of [one, other]) t.equal((await ordersBy(key.token())).status, 200)
  const [first, second] = auths
  first?.isAway()
  const before = second?.asked() ?? 0
  await until(() => (second?.asked() ?? 0) > before + 1)
  t.equal((await ordersBy(one.token())).status, 200, 'what it said last still counts')
  const unknown = await ordersBy(newKey().token())
  refuses(t, unknown, 503, 'SERVICE_UNAVAILABLE')
  second?.use(one)
  const gone = other.token()
  await until(async () => (await ordersBy(gone)).status !== 200)
})

t.test('an unusable key set does not remove known keys', async (t) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const { ordersBy } = await start(t, [auth], quick)
  t.equal((await ordersBy(key.token())).status, 200)
  const secret = { jwk: { kty: 'oct', k: 'c2VjcmV0', kid: 'secret', alg: 'HS256' } }
  const large = { jwk: { kid: 'x'.repeat(100_000) } }
  for (const { jwk } of [secret, large]) {
    auth.use({ jwk, token: () => '' })
    const before = auth.asked()
    await until(() => auth.asked() > before + 1)
    t.equal((await ordersBy(key.token())).status, 200)
  }
})

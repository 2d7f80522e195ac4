import { randomInt, randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { eachVariant, ownRedis, servers, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { fakeAuth, newKey, witnessed } from '../../../test/fake-auth.ts'
import { startObliging } from '../../../test/gateway-alone.ts'

type Variant = VariantOf<'M4'>

const { redisUrl, valkeyProgram } = servers()

/** Of its own for each test, because Redis counts for all of them. */
const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`

/** A window that no test outlasts. */
const longWindow = { RATE_LIMIT_WINDOW_S: '600', RATE_LIMIT_LOGINS_WINDOW_S: '600' }

const start = async (t: Test, M4: Variant, settings: Record<string, string> = {}) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const given = { AUTH_URLS: auth.url, ...longWindow, ...settings }
  const started = await startObliging(t, given, { M4, M6: 'optimized' })
  const { app } = started
  await until(async () => (await app.inject('/health/ready')).statusCode === 200)
  return { ...started, auth, key, from: callerFrom(app) }
}

type Sent = { token?: string; headers?: Record<string, string> }

/** Calls such as `GET /products` from an address. */
const callerFrom =
  (app: FastifyInstance) =>
  async (remoteAddress: string, call: string, { token, headers }: Sent = {}) => {
    const [method, url = ''] = call.split(' ')
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return app.inject({
      method: method === 'POST' ? 'POST' : method === 'OPTIONS' ? 'OPTIONS' : 'GET',
      url,
      remoteAddress,
      headers: { ...authorization, ...headers },
    })
  }

type Answer = Awaited<ReturnType<ReturnType<typeof callerFrom>>>

/** How often there was each status. */
const statuses = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, ({ statusCode }) => statusCode)].map(([code, all]) => [
      code,
      all.length,
    ]),
  )

const times = async (count: number, send: () => Promise<Answer>): Promise<Answer[]> => {
  const answers: Answer[] = []
  for (let time = 0; time < count; time += 1) answers.push(await send())
  return answers
}

/** That it is the 429 of a limit, in our shape, with what a client needs to wait. */
const isRefusedBy = (t: Test, answer: Answer | undefined, policy: string): void => {
  t.equal(answer?.statusCode, 429)
  t.match(answer?.json(), { error: 'RATE_LIMITED', message: /Retry-After/, request_id: /./ })
  const { headers = {} } = answer ?? {}
  const seconds = Number(headers['retry-after'])
  t.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 600, `${seconds} s`)
  const [name] = policy.split(';')
  t.equal(headers['ratelimit-policy'], policy)
  t.equal(headers.ratelimit, `${name};r=0;t=${seconds}`)
  t.match(headers['content-type'], 'application/json')
  t.ok(headers['x-content-type-options'], 'the headers for browsers are there')
}

for (const variant of eachVariant('M4')) {
  const needsRedis = variant === 'redis' || variant === 'leased'
  const skip = needsRedis && !redisUrl && 'there is no Redis'
  const limits = variant !== 'baseline'

  t.test(variant, { skip }, async (t) => {
    t.test('the limit of one address does not affect others', async (t) => {
      const { from, app, product } = await start(t, variant, { RATE_LIMIT_ADDRESS: '10' })
      const [one, other] = [newAddress(), newAddress()]
      const answers = await times(14, () => from(one, 'GET /products'))
      t.strictSame(statuses(answers), limits ? { 200: 10, 429: 4 } : { 200: 14 })
      t.equal((await from(other, 'GET /products')).statusCode, 200)
      t.equal(product.received.length, limits ? 11 : 15, 'nothing else reaches the service')
      if (!limits) return
      isRefusedBy(t, answers.at(-1), '"address";q=10;w=600')
      t.equal((await witnessed(app, 'M4')).address_refused, 4)
    })

    t.test('concurrent and sequential requests have the same limit', async (t) => {
      const { from } = await start(t, variant, { RATE_LIMIT_ADDRESS: '50' })
      const address = newAddress()
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => from(address, 'GET /products')),
      )
      t.strictSame(statuses(answers), limits ? { 200: 50, 429: 70 } : { 200: 120 })
    })

    t.test('a user has one count over all tokens and addresses', async (t) => {
      const { from, key, order } = await start(t, variant, { RATE_LIMIT_USER: '6' })
      const [user, other] = [randomUUID(), randomUUID()]
      const tokens = [key.token(user), key.token(user, { jti: 'another' })]
      const send = (token: string) => from(newAddress(), 'GET /orders', { token })
      const answers = await times(5, () => send(tokens[0] ?? ''))
      answers.push(...(await times(5, () => send(tokens[1] ?? ''))))
      t.strictSame(statuses(answers), limits ? { 200: 6, 429: 4 } : { 200: 10 })
      t.equal((await send(key.token(other))).statusCode, 200)
      t.equal(order.received.length, limits ? 7 : 11)
      if (limits) isRefusedBy(t, answers.at(-1), '"user";q=6;w=600')
    })

    t.test('a forged token counts for its address, not for its user', async (t) => {
      const settings = { RATE_LIMIT_USER: '3', RATE_LIMIT_ADDRESS: '5' }
      const { from, key } = await start(t, variant, settings)
      const [user, attacker] = [randomUUID(), newAddress()]
      const forged = `${key.token(user).slice(0, -8)}AAAAAAAA`
      const answers = await times(8, () => from(attacker, 'GET /orders', { token: forged }))
      t.strictSame(statuses(answers), limits ? { 401: 5, 429: 3 } : { 401: 8 })
      const own = await times(3, () =>
        from(newAddress(), 'GET /orders', { token: key.token(user) }),
      )
      t.strictSame(statuses(own), { 200: 3 })
    })

    t.test('log-ins, registrations and refreshes have a stricter limit together', async (t) => {
      const { from } = await start(t, variant, { RATE_LIMIT_LOGINS: '3' })
      const address = newAddress()
      const calls = ['login', 'register', 'refresh', 'login', 'register', 'refresh']
      const answers: Answer[] = []
      for (const call of calls) answers.push(await from(address, `POST /auth/${call}`))
      t.strictSame(statuses(answers), limits ? { 200: 3, 429: 3 } : { 200: 6 })
      t.equal((await from(address, 'GET /products')).statusCode, 200, 'others go on')
      if (limits) isRefusedBy(t, answers.at(-1), '"logins";q=3;w=600')
    })

    t.test('health of the gateway and preflights are not counted', async (t) => {
      const CORS_ORIGINS = 'https://shop.example'
      const { from } = await start(t, variant, { RATE_LIMIT_ADDRESS: '1', CORS_ORIGINS })
      const address = newAddress()
      const preflight = { origin: CORS_ORIGINS, 'access-control-request-method': 'POST' }
      for (let time = 0; time < 3; time += 1) {
        t.equal((await from(address, 'GET /health/ready')).statusCode, 200)
        t.not((await from(address, 'GET /health')).statusCode, 429)
        const { statusCode } = await from(address, 'OPTIONS /orders', { headers: preflight })
        t.equal(statusCode, 204)
      }
      t.equal((await from(address, 'GET /products')).statusCode, 200)
      const refused = await from(address, 'GET /products', { headers: { origin: CORS_ORIGINS } })
      if (!limits) return
      t.equal(refused.statusCode, 429)
      t.equal(refused.headers['access-control-allow-origin'], CORS_ORIGINS)
      t.match(refused.headers['access-control-expose-headers'], /ratelimit/)
    })

    t.test('requests to unknown paths count', async (t) => {
      const { from } = await start(t, variant, { RATE_LIMIT_ADDRESS: '2' })
      const address = newAddress()
      const answers = await times(4, () => from(address, 'GET /nothing'))
      t.strictSame(statuses(answers), limits ? { 404: 2, 429: 2 } : { 404: 4 })
    })

    t.test('X-Forwarded-For is used only from a trusted proxy', async (t) => {
      const proxy = newAddress()
      const settings = { RATE_LIMIT_ADDRESS: '4', TRUSTED_PROXIES: proxy }
      const { from } = await start(t, variant, settings)
      const sendAs = (address: string) => () =>
        from(address, 'GET /products', { headers: { 'x-forwarded-for': newAddress() } })
      t.strictSame(statuses(await times(6, sendAs(proxy))), { 200: 6 })
      const direct = await times(6, sendAs(newAddress()))
      t.strictSame(statuses(direct), limits ? { 200: 4, 429: 2 } : { 200: 6 })
    })

    t.test('an IPv6 /64 is one client', async (t) => {
      const { from } = await start(t, variant, { RATE_LIMIT_ADDRESS: '4' })
      const prefix = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`
      const send = () => from(`${prefix}::${randomInt(1, 65_536).toString(16)}`, 'GET /products')
      const answers = await times(6, send)
      t.strictSame(statuses(answers), limits ? { 200: 4, 429: 2 } : { 200: 6 })
    })

    t.test('after the window the same number is admitted again', async (t) => {
      const settings = { RATE_LIMIT_ADDRESS: '2', RATE_LIMIT_WINDOW_S: '1' }
      const { from } = await start(t, variant, settings)
      const address = newAddress()
      await Promise.all(Array.from({ length: 5 }, () => from(address, 'GET /products')))
      await until(async () => (await from(address, 'GET /products')).statusCode === 200)
    })

    t.test('the least recently seen clients are evicted', async (t) => {
      const settings = { RATE_LIMIT_ADDRESS: '2', RATE_LIMIT_CLIENTS_MAX: '100' }
      const { from } = await start(t, variant, settings)
      const address = newAddress()
      await times(3, () => from(address, 'GET /products'))
      for (let other = 0; other < 120; other += 1) await from(newAddress(), 'GET /products')
      // The counts in Redis are not lost with what the gateway forgets.
      const { statusCode } = await from(address, 'GET /products')
      t.equal(statusCode, needsRedis ? 429 : 200)
    })

    t.test('two gateways share one count if Redis counts', async (t) => {
      const settings = { RATE_LIMIT_ADDRESS: '100', RATE_LIMIT_USER: '50' }
      const first = await start(t, variant, settings)
      const second = await start(t, variant, { ...settings, AUTH_URLS: first.auth.url })
      const bothSend = (count: number, call: string, address: string, token?: string) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            (index % 2 ? first : second).from(address, call, { ...(token && { token }) }),
          ),
        )
      const admitted = async (answers: Promise<Answer[]>) => statuses(await answers)[200]
      const expected = (limit: number, sent: number): number =>
        needsRedis ? limit : limits ? 2 * limit : sent
      t.equal(await admitted(bothSend(400, 'GET /products', newAddress())), expected(100, 400))
      const token = first.key.token()
      t.equal(await admitted(bothSend(200, 'GET /orders', newAddress(), token)), expected(50, 200))
    })
  })
}

t.test('leased', { skip: !redisUrl && 'there is no Redis' }, async (t) => {
  t.test('requests that one gateway does not need can be admitted by the other', async (t) => {
    const settings = { RATE_LIMIT_ADDRESS: '100' }
    const [first, second] = [await start(t, 'leased', settings), await start(t, 'leased', settings)]
    const address = newAddress()
    t.equal((await first.from(address, 'GET /products')).statusCode, 200)
    const answers = await times(120, () => second.from(address, 'GET /products'))
    t.strictSame(statuses(answers), { 200: 99, 429: 21 })
  })

  t.test('it makes at most one call to Redis for five requests', async (t) => {
    const { app, from } = await start(t, 'leased', { RATE_LIMIT_ADDRESS: '200' })
    const address = newAddress()
    await times(150, () => from(address, 'GET /products'))
    const { lease_taken = 0, admitted_by_lease } = await witnessed(app, 'M4')
    t.equal(admitted_by_lease, 150)
    t.ok(lease_taken <= 30, `${lease_taken} leases`)
  })
})

for (const variant of ['redis', 'leased'] as const) {
  const skip = !valkeyProgram && 'there is no Valkey to start'
  t.test(`${variant} without Redis`, { skip }, async (t) => {
    for (const harm of ['kill', 'pause'] as const) {
      t.test(
        `after ${harm} each gateway limits by its own counts until Redis is back`,
        async (t) => {
          const redis = await ownRedis(t)
          const lines: string[] = []
          const settings = {
            REDIS_URL: redis.url,
            REDIS_TIMEOUT_MS: '300',
            RATE_LIMIT_ADDRESS: '10',
            RATE_LIMIT_LOGINS: '3',
          }
          const { app, from } = await start(t, variant, settings)
          app.log.warn = (_fields: object, message?: string) => lines.push(message ?? '')
          t.equal((await from(newAddress(), 'GET /products')).statusCode, 200)

          await redis[harm]()
          const [address, guesser] = [newAddress(), newAddress()]
          const answers = await times(14, () => from(address, 'GET /products'))
          t.strictSame(statuses(answers), { 200: 10, 429: 4 })
          const logins = await times(6, () => from(guesser, 'POST /auth/login'))
          t.strictSame(statuses(logins), { 200: 3, 429: 3 }, 'log-ins never fail open')
          t.ok(((await witnessed(app, 'M4')).redis_failed ?? 0) > 0)
          t.ok(lines.some((line) => line.startsWith('Redis failed; this gateway limits')))

          if (harm === 'kill') await redis.restart()
          else redis.resume()
          const event = variant === 'redis' ? 'counted_in_redis' : 'lease_taken'
          const before = (await witnessed(app, 'M4'))[event] ?? 0
          await until(async () => {
            await from(newAddress(), 'GET /products')
            return ((await witnessed(app, 'M4'))[event] ?? 0) > before
          })
        },
      )
    }
  })
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { ConfigError } from '@flash-deal/config'
import { connectRedis } from '@flash-deal/service'
import { eachVariant, internalKey, ownRedis, servers, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { callerAt, refuses } from '../../../test/client.ts'
import { algorithms, fakeAuth, newKey, witnessed } from '../../../test/fake-auth.ts'
import { startObliging } from '../../../test/gateway-alone.ts'
import { digestOf } from './digest.ts'
import { RedisTokens } from './redis/redis-tokens.ts'

const { redisUrl, valkeyProgram } = servers()

const nameOf = (token: string): string => `token:${digestOf(`Bearer ${token}`)}`

const clientOf = async (t: Test, url: string) => {
  const client = await connectRedis(url, 5_000)
  client.on('error', () => {})
  t.teardown(() => client.disconnect())
  await once(client, 'ready')
  return client
}

type Variant = 'baseline' | 'optimized' | 'redis'

const start = async (t: Test, M2: Variant, settings: Record<string, string> = {}) => {
  const key = newKey()
  const auth = await fakeAuth(t, key)
  const quick = { JWKS_COOLDOWN_MS: '10', REDIS_TIMEOUT_MS: '2000' }
  const given = { AUTH_URLS: auth.url, ...quick, ...settings }
  const { app, url, order } = await startObliging(t, given, { M2, M6: 'optimized' })
  const ordersBy = (token: string) => callerAt(url, token)('GET /orders')
  await until(async () => (await callerAt(url)('GET /health/ready')).status === 200)
  return { app, url, order, key, auth, ordersBy }
}

/** What M2 counts as found and as verified. */
const counts = {
  baseline: {},
  optimized: { hit: 'memory_hit', miss: 'memory_miss' },
  redis: { hit: 'redis_hit', miss: 'redis_miss' },
} as const

/** The counters of a variant after this many hits and misses. */
const shown = (variant: Variant, hits: number, misses: number): Record<string, number> => {
  if (variant === 'baseline') return {}
  const { hit, miss } = counts[variant]
  return { ...(hits && { [hit]: hits }), ...(misses && { [miss]: misses }) }
}

for (const variant of eachVariant('M2')) {
  const skip = variant === 'redis' && !redisUrl && 'there is no Redis'

  t.test(variant, { skip }, async (t) => {
    t.test('a token names its user, however often, and is verified so often', async (t) => {
      const { app, order, key, ordersBy } = await start(t, variant)
      const client = redisUrl && variant === 'redis' ? await clientOf(t, redisUrl) : undefined
      const users = [randomUUID(), randomUUID()]
      for (const user of users) {
        const token = key.token(user)
        for (let time = 0; time < 3; time += 1) {
          t.equal((await ordersBy(token)).status, 200)
          // The write to Redis is not awaited.
          if (client && time === 0)
            await until(async () => (await client.exists(nameOf(token))) === 1)
        }
      }
      t.strictSame(
        order.received.map(({ headers }) => headers['x-user-id']),
        users.flatMap((user) => [user, user, user]),
      )
      t.strictSame(await witnessed(app, 'M2'), shown(variant, 4, 2))
      const { verified_here } = await witnessed(app, 'M6')
      t.equal(verified_here, variant === 'baseline' ? 6 : 2)
    })

    t.test('a cached token is rejected after it has expired', async (t) => {
      const { key, ordersBy } = await start(t, variant)
      const token = key.token(randomUUID(), { exp: Math.floor(Date.now() / 1_000) + 2 })
      for (let time = 0; time < 3; time += 1) t.equal((await ordersBy(token)).status, 200)
      await until(async () => (await ordersBy(token)).status !== 200)
      refuses(t, await ordersBy(token), 401, 'INVALID_TOKEN')
    })

    t.test('a token with a retired key is rejected, and other tokens are accepted', async (t) => {
      const { key, auth, ordersBy } = await start(t, variant, { JWKS_REFRESH_MS: '100' })
      const fresh = newKey()
      const [before, after] = [key.token(), fresh.token()]
      for (let time = 0; time < 3; time += 1) t.equal((await ordersBy(before)).status, 200)
      auth.use(key, fresh)
      for (let time = 0; time < 3; time += 1) t.equal((await ordersBy(after)).status, 200)
      auth.use(fresh)
      await until(async () => (await ordersBy(before)).status !== 200)
      refuses(t, await ordersBy(before), 401, 'INVALID_TOKEN')
      t.equal((await ordersBy(after)).status, 200)
    })

    t.test('no token is accepted while the keys are too old', async (t) => {
      const settings = { JWKS_REFRESH_MS: '100', JWKS_MAX_AGE_MS: '500' }
      const { key, auth, ordersBy } = await start(t, variant, settings)
      const token = key.token()
      t.equal((await ordersBy(token)).status, 200)
      auth.isAway()
      await until(async () => (await ordersBy(token)).status !== 200)
      refuses(t, await ordersBy(token), 503, 'SERVICE_UNAVAILABLE')
    })

    t.test('rejected tokens are not cached', async (t) => {
      const { app, key, ordersBy } = await start(t, variant)
      const valid = key.token()
      t.equal((await ordersBy(valid)).status, 200)
      const forged = `${valid.slice(0, -8)}AAAAAAAA`
      for (const token of [forged, forged, 'x', 'x'])
        refuses(t, await ordersBy(token), 401, 'INVALID_TOKEN')
      t.strictSame(await witnessed(app, 'M2'), shown(variant, 0, 5))
    })

    t.test('a request without a token is 401', async (t) => {
      const { url } = await start(t, variant)
      refuses(t, await callerAt(url)('GET /orders'), 401, 'UNAUTHORIZED')
    })
  })
}

for (const alg of algorithms) {
  t.test(`a token by ${alg} is remembered`, async (t) => {
    const { app, auth, ordersBy } = await start(t, 'optimized')
    const key = newKey(alg)
    auth.use(key)
    const token = key.token()
    for (let time = 0; time < 3; time += 1) t.equal((await ordersBy(token)).status, 200)
    t.strictSame(await witnessed(app, 'M2'), shown('optimized', 2, 1))
  })
}

t.test('a gateway remembers so many tokens, and those that were used last', async (t) => {
  const { app, key, ordersBy } = await start(t, 'optimized', { TOKEN_CACHE_MAX: '2' })
  const [one, two, three] = [key.token(), key.token(), key.token()]
  for (const token of [one, two, one, three, one]) t.equal((await ordersBy(token)).status, 200)
  t.strictSame(await witnessed(app, 'M2'), shown('optimized', 2, 3))
  await ordersBy(two)
  t.strictSame(await witnessed(app, 'M2'), shown('optimized', 2, 4))
})

t.test('M2 without M6 is rejected at boot', async (t) => {
  for (const M2 of ['optimized', 'redis'] as const) {
    const failure = startObliging(t, {}, { M2 }).then(
      () => undefined,
      (error: unknown) => error,
    )
    t.type(await failure, ConfigError)
    t.match(await failure, { message: /M2 has no effect without M6\. Set SCENARIO_M6=optimized/ })
  }
})

t.test('redis', { skip: !valkeyProgram && 'there is no Valkey to start' }, async (t) => {
  const startWith = async (t: Test) => {
    const redis = await ownRedis(t)
    const system = await start(t, 'redis', { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '1000' })
    const client = await clientOf(t, redis.url)
    const token = system.key.token()
    const name = nameOf(token)
    t.equal((await system.ordersBy(token)).status, 200)
    await until(async () => (await client.exists(name)) === 1)
    return { ...system, redis, client, token, name }
  }

  t.test('gateways share verified tokens', async (t) => {
    const { redis, auth, token } = await startWith(t)
    const other = { AUTH_URLS: auth.url, REDIS_URL: redis.url }
    const { app, url } = await startObliging(t, other, { M2: 'redis', M6: 'optimized' })
    await until(async () => (await callerAt(url)('GET /health/ready')).status === 200)
    t.equal((await callerAt(url, token)('GET /orders')).status, 200)
    t.strictSame(await witnessed(app, 'M2'), { redis_hit: 1 })
    t.notOk((await witnessed(app, 'M6')).verified_here)
  })

  t.test('Redis stores no tokens, and entries expire with their token', async (t) => {
    const { client, name, token, key, ordersBy } = await startWith(t)
    const text = `${name} ${await client.get(name)}`
    for (const part of token.split('.')) t.notOk(text.includes(part))
    const ttl = await client.ttl(name)
    t.ok(ttl > 590 && ttl <= 601, `${ttl} s`)
    const long = key.token(randomUUID(), { exp: 8e12 })
    t.equal((await ordersBy(long)).status, 200)
    const longName = nameOf(long)
    await until(async () => (await client.exists(longName)) === 1)
    t.ok((await client.ttl(longName)) <= 86_400, 'at most a day')
  })

  t.test('write access to Redis cannot change the user of a token', async (t) => {
    const { app, client, name, key, order, ordersBy, token } = await startWith(t)
    const own = String(await client.get(name))
    const victim = randomUUID()
    const others = key.token(victim)
    const othersName = nameOf(others)
    t.equal((await ordersBy(others)).status, 200)
    await until(async () => (await client.exists(othersName)) === 1)
    const forged = {
      'another user': own.replace(/^\S+/, victim),
      'another end': own.replace(/ \d+ /, ' 99999999999999 '),
      "another token's": String(await client.get(othersName)),
      'sealed with a key that was guessed': await sealedBy('guess', client, token, victim),
      'a user and no seal': victim,
      nothing: '',
    }
    for (const [title, value] of Object.entries(forged)) {
      await client.set(name, value)
      order.received.splice(0)
      t.equal((await ordersBy(token)).status, 200, title)
      t.not(order.received[0]?.headers['x-user-id'], victim, title)
      await until(async () => (await client.get(name)) !== value)
    }
    t.notOk((await witnessed(app, 'M2')).redis_hit)
  })

  t.test('an entry that is older than its token is rejected', async (t) => {
    const { client, key, ordersBy } = await startWith(t)
    const token = key.token(randomUUID(), { exp: Math.floor(Date.now() / 1_000) + 2 })
    t.equal((await ordersBy(token)).status, 200)
    const name = nameOf(token)
    await until(async () => (await client.exists(name)) === 1)
    await client.persist(name)
    await until(async () => (await ordersBy(token)).status !== 200)
    refuses(t, await ordersBy(token), 401, 'INVALID_TOKEN')
    t.equal(await client.exists(name), 1)
  })

  for (const harm of ['kill', 'pause'] as const) {
    t.test(`after ${harm} the gateway verifies, and uses it again when it is back`, async (t) => {
      const { app, redis, token, ordersBy } = await startWith(t)
      const lines: string[] = []
      app.log.warn = (_fields: object, message?: string) => lines.push(message ?? '')
      await redis[harm]()
      for (let time = 0; time < 3; time += 1) t.equal((await ordersBy(token)).status, 200)
      refuses(t, await ordersBy(`${token.slice(0, -8)}AAAAAAAA`), 401, 'INVALID_TOKEN')
      const { redis_away, redis_hit = 0 } = await witnessed(app, 'M2')
      t.equal(redis_away, 4)
      t.ok(lines.some((line) => line.startsWith('Redis failed; this gateway does not use')))
      await (harm === 'kill' ? redis.restart() : redis.resume())
      await until(async () => {
        t.equal((await ordersBy(token)).status, 200)
        return ((await witnessed(app, 'M2')).redis_hit ?? 0) > redis_hit
      })
    })
  }
})

type Client = Awaited<ReturnType<typeof connectRedis>>

/** As a gateway would keep it that has another key. */
const sealedBy = async (guess: string, client: Client, token: string, userId: string) => {
  t.not(guess, internalKey)
  const tokens = new RedisTokens({ redis: client, internalKey: guess })
  const digest = digestOf(`Bearer ${token}`)
  await tokens.write(digest, { userId, kid: 'any', expiresAtMs: Date.now() + 60_000 })
  return String(await client.get(`token:${digest}`))
}

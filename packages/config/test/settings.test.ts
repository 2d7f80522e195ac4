import { ConfigError, type ProcessName, readSettings } from '@flash-deal/config'
import t from 'tap'

const refusal = (name: ProcessName, environment: Record<string, string>): string => {
  try {
    readSettings(name, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'nothing was refused'
}

t.test('every setting has a default for development', async (t) => {
  const settings = readSettings('order', {})
  t.equal(settings.ORDER_PORT, 8003)
  t.strictSame(settings.PRODUCT_URLS, ['http://127.0.0.1:8002'])
})

t.test('an empty variable counts as not set', async (t) => {
  t.equal(readSettings('order', { ORDER_PORT: '' }).ORDER_PORT, 8003)
})

t.test('an invalid value is rejected with its name and the allowed values', async (t) => {
  t.equal(
    refusal('order', { ORDER_PORT: 'x' }),
    'ORDER_PORT must be a whole number from 1 to 64535.',
  )
  t.match(refusal('auth', { JWT_ALG: 'HS256' }), 'JWT_ALG must be one of RS256, ES256, EdDSA.')
  t.match(refusal('gateway', { AUTH_URLS: 'ftp://x' }), 'AUTH_URLS must be http addresses')
  t.match(refusal('gateway', { AUTH_URLS: 'localhost' }), 'AUTH_URLS must be http addresses')
  t.match(refusal('order', { TELEMETRY: 'yes' }), 'TELEMETRY must be one of auto, on, off.')
  for (const share of ['1.1', '-0.1', 'half', 'NaN'])
    t.match(
      refusal('order', { OTEL_TRACES_SAMPLER_ARG: share }),
      'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.',
    )
  const collectors = ['localhost:4318', 'grpc://x:4317', 'http://a:secret@x', 'http://x?key=secret']
  for (const address of collectors) {
    const told = refusal('order', { OTEL_EXPORTER_OTLP_ENDPOINT: address })
    t.match(told, 'OTEL_EXPORTER_OTLP_ENDPOINT must be one http address without user and password')
    t.notMatch(told, 'secret')
  }
})

t.test('upstreams are lists of origins', async (t) => {
  const { ORDER_URLS } = readSettings('gateway', { ORDER_URLS: 'http://a:1/, http://b:2/x' })
  t.strictSame(ORDER_URLS, ['http://a:1', 'http://b:2'])
})

t.test('production rejects missing and default secrets without printing a value', async (t) => {
  const message = refusal('auth', {
    NODE_ENV: 'production',
    INTERNAL_KEY: 'development-only',
    AUTH_DATABASE_URL: 'postgres://auth_service:development-only@db/flash_deal',
  })
  t.same(
    message
      .split('\n')
      .map((line) => line.split(' ')[0])
      .sort(),
    ['AUTH_DATABASE_URL', 'INTERNAL_KEY', 'JWT_PRIVATE_KEY'],
  )
  t.notMatch(message, 'postgres://')
})

t.test('production starts if every secret is set', async (t) => {
  const settings = readSettings('order', {
    NODE_ENV: 'production',
    INTERNAL_KEY: 'a-long-secret',
    ORDER_DATABASE_URL: 'postgres://order_service:secret@db/flash_deal',
  })
  t.equal(settings.INTERNAL_KEY, 'a-long-secret')
})

t.test('a percent sign in a password must be encoded', async (t) => {
  const url = (password: string) => `postgres://me:${password}@db:5432/shop`
  t.equal(readSettings('auth', { AUTH_DATABASE_URL: url('a%25b') }).AUTH_DATABASE_URL, url('a%25b'))
  const sentence = 'contains a % that does not begin an encoded character; write % as %25.'
  for (const password of ['a%b', '100%', '%E0%A4%A']) {
    const AUTH_DATABASE_URL = url(password)
    t.equal(refusal('auth', { AUTH_DATABASE_URL }), `AUTH_DATABASE_URL ${sentence}`)
    const DATABASE_URL = url(password)
    t.equal(refusal('migrate', { DATABASE_URL }), `DATABASE_URL ${sentence}`)
    const REDIS_URL = `redis://:${password}@x`
    t.equal(refusal('product', { REDIS_URL }), `REDIS_URL ${sentence}`)
    const REDLOCK_URLS = `redis://a,redis://b,${REDIS_URL}`
    t.equal(refusal('product', { REDLOCK_URLS }), `REDLOCK_URLS ${sentence}`)
  }
})

t.test('the error for an invalid URL does not contain its password', async (t) => {
  const addresses = {
    AUTH_DATABASE_URL: [
      'mysql://me:s3cret@db',
      'postgres://me:s3/cret#@db',
      's3cret',
      'postgres:///s3cret',
    ],
    REDIS_URL: ['http://:s3cret@db', 's3cret'],
  }
  for (const [name, wrong] of Object.entries(addresses)) {
    for (const url of wrong) {
      const message = refusal(name === 'REDIS_URL' ? 'product' : 'auth', { [name]: url })
      t.match(message, `${name} must be an address such as `)
      t.notMatch(message, 's3cret')
    }
  }
})

t.test('a database URL may have several hosts', async (t) => {
  const ORDER_DATABASE_URL = 'postgres://me:a,b@one:5432,two:5433/shop'
  t.equal(readSettings('order', { ORDER_DATABASE_URL }).ORDER_DATABASE_URL, ORDER_DATABASE_URL)
})

import { generateKeyPairSync } from 'node:crypto'
import { Supervisor } from '@flash-deal/local/supervisor'
import t from 'tap'
import { refusalOf, type Side, withoutGo } from '../processes.ts'

/** What cannot be started is refused with the same sentences. */

const pem = (type: 'private' | 'public'): string => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return type === 'private'
    ? privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    : publicKey.export({ type: 'spki', format: 'pem' }).toString()
}
const publicKey = pem('public')

/** Several wrong settings at once, where each has a sentence of its own. */
const settings: Readonly<Record<string, Record<string, string>>> = {
  'wrong settings': {
    ...{ DEADLINE_MS: 'x', DRAIN_MS: '9999', QUERY_QUEUE_MAX: '1.5', PRODUCT_PORT: '0' },
    ...{ JWT_ALG: 'HS256', LOG_LEVEL: 'loud', AUTH_DATABASE_URL: 'mysql://x' },
  },
  'other spellings': {
    ...{ DEADLINE_MS: '1e3', DRAIN_MS: ' 12 ', QUERY_QUEUE_MAX: '-1' },
    AUTH_DATABASE_URL: 'postgres://a:%zz@b/c',
  },
  'a wrong collector': {
    ...{ TELEMETRY: 'yes', OTEL_TRACES_SAMPLER_ARG: '2' },
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:b@c',
  },
  'production without secrets': { NODE_ENV: 'production' },
  'wrong scenarios': { SCENARIOS: 'e5:3,z9,m2', SCENARIO_E2: 'fast', SCENARIOE2: 'optimized' },
  'scenarios that exclude each other': { SCENARIOS: 'h5:envoy,m4' },
  'a public key for a private one': { JWT_PRIVATE_KEY: publicKey },
  'a key of another kind': { JWT_PRIVATE_KEY: pem('private') },
  'a damaged key': {
    JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----',
  },
  'a private key among the public ones': { JWT_PUBLIC_KEYS: pem('private') },
  'a public key twice': { JWT_PUBLIC_KEYS: `${publicKey}\n${publicKey}` },
}

/** Each start of Node takes most of a second. */
const atATime = 4

const supervisor = new Supervisor()
t.teardown(() => supervisor.stopAll())

t.test('auth in Go fails the start like auth in Node', { skip: withoutGo() }, async (t) => {
  const KEYS_DIR = t.testdir()
  const cases = Object.entries(settings)
  const worker = async (): Promise<void> => {
    for (let next = cases.pop(); next !== undefined; next = cases.pop()) {
      const [title, own] = next
      const env = { KEYS_DIR, ...own }
      const node = await refusalOf(supervisor, 'auth', 'node', env)
      t.equal(node.code, 1, `${title}: Node`)
      t.strictSame(await refusalOf(supervisor, 'auth', 'go', env), node, title)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
})

t.test('neither starts in place of the other', { skip: withoutGo() }, async (t) => {
  const refusal = (side: Side, H3: string) =>
    refusalOf(supervisor, 'auth', side, { SCENARIO_H3: H3 })
  t.match((await refusal('node', 'optimized')).text, /^This is auth in Node/)
  t.match((await refusal('go', 'baseline')).text, /^This is auth in Go/)
})

import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import t from 'tap'
import { isChecked, proxiedOperations } from '../../domain/proxied-operations.ts'
import { kongConfig } from './kong/config.ts'

/**
 * Kong cannot be run here. This checks its configuration by what Kong documents: which route takes a
 * request, which plugins it passes, and that each field is one that Kong's schema has.
 */

type Plugin = { name: string; config: Record<string, unknown> }
type Route = {
  name: string
  methods?: string[]
  paths: string[]
  regex_priority?: number
  plugins?: Plugin[]
}
type Service = { name: string; plugins?: Plugin[]; routes: Route[]; retries: number }
type Config = {
  plugins: Plugin[]
  services: Service[]
  consumers: { jwt_secrets: Record<string, string>[] }[]
}

const settings = readSettings('gateway', { INTERNAL_KEY: 'the internal key of the tests' })
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }]
const config: Config = JSON.parse(
  JSON.stringify(
    kongConfig({ settings, gatewayUrl: 'http://gateway:8000', keys, safetyHeaders: { a: 'b' } }),
  ),
)

/** As Kong's router `traditional_compatible`: methods first, then priority; a prefix comes last. */
const routeOf = (method: string, path: string): [Service, Route] | undefined => {
  const candidates = config.services
    .flatMap((service) => service.routes.map((route) => [service, route] as [Service, Route]))
    .filter(([, { methods }]) => methods?.includes(method) ?? true)
    .filter(([, { paths }]) => paths.some((each) => takes(each, path)))
  return candidates.toSorted(([, a], [, b]) => weightOf(b) - weightOf(a))[0]
}

const takes = (pattern: string, path: string): boolean =>
  pattern.startsWith('~') ? new RegExp(`^${pattern.slice(1)}`).test(path) : path.startsWith(pattern)

const weightOf = ({ methods, regex_priority = -1 }: Route): number =>
  (methods ? 10 : 0) + regex_priority

const id = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

t.test(
  'each operation has a route, with a check of its token where the contract wants one',
  async (t) => {
    for (const each of proxiedOperations) {
      const { method, path, operationId } = each.operation
      const plain = path.replaceAll(/\{\w+\}/g, id)
      const [service, route] = routeOf(method.toUpperCase(), plain) ?? []
      t.equal(route?.name, operationId)
      t.match(service?.name, new RegExp(`^${each.upstream}-`), operationId)
      t.equal(service?.retries, method === 'get' ? 1 : 0, operationId)
      const names = route?.plugins?.map(({ name }) => name) ?? []
      t.strictSame(names, isChecked(each) ? ['jwt'] : [], operationId)
      const own = service?.plugins?.map(({ name }) => name)
      t.ok(own?.includes('pre-function'), 'headers of clients are filtered')
      t.equal(own?.includes('post-function'), each.upstream !== 'auth', operationId)
    }
  },
)

t.test('every other request goes to the Node gateway', async (t) => {
  for (const call of [
    'GET /internal/orders/resolve',
    'POST /internal/reservations',
    'DELETE /products',
    'PATCH /products/deals',
    'GET /health',
    'GET /docs',
    `DELETE /orders/${id}`,
    'GET /orders/',
    'GET /orders/a/b/c',
    'GET /ordersx',
    'GET /x/orders',
  ]) {
    const [method = '', path = ''] = call.split(' ')
    t.equal(routeOf(method, path)?.[0].name, 'gateway', call)
  }
})

/** From the schemas of Kong 3.9's own plugins. */
const fieldsOf: Record<string, readonly string[]> = {
  'correlation-id': ['header_name', 'generator', 'echo_downstream'],
  'rate-limiting': ['second', 'minute', 'hour', 'limit_by', 'policy'],
  'request-size-limiting': ['allowed_payload_size', 'size_unit', 'require_content_length'],
  'response-transformer': ['add', 'remove'],
  'request-transformer': ['add', 'remove'],
  'pre-function': ['access'],
  'post-function': ['access'],
  jwt: [
    'key_claim_name',
    'claims_to_verify',
    'header_names',
    'uri_param_names',
    'cookie_names',
    'run_on_preflight',
  ],
}

t.test('every plugin and field exists in Kong', async (t) => {
  const all = [
    ...config.plugins,
    ...config.services.flatMap(({ plugins = [], routes }) => [
      ...plugins,
      ...routes.flatMap((route) => route.plugins ?? []),
    ]),
  ]
  t.ok(all.length > 10)
  for (const { name, config: own } of all)
    for (const field of Object.keys(own)) t.ok(fieldsOf[name]?.includes(field), `${name}.${field}`)
  const names = config.services.flatMap(({ routes }) => routes.map(({ name }) => name))
  t.equal(new Set(names).size, names.length, 'names are unique')
})

t.test('a key of auth becomes a credential with its algorithm', async (t) => {
  const [secret] = config.consumers[0]?.jwt_secrets ?? []
  t.match(secret, { key: 'k', algorithm: 'ES256', rsa_public_key: /^-----BEGIN PUBLIC KEY-----/ })
})

t.test('the committed configuration holds no key', async (t) => {
  const text = readFileSync(join(import.meta.dirname, '../../../gen/kong.json'), 'utf8')
  t.match(text, '"jwt_secrets": []')
  t.match(text, 'x-internal-key:written-at-the-start')
})

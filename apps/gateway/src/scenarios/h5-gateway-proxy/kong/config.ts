import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import type { Settings } from '@flash-deal/config'
import {
  isChecked,
  isRead,
  type ProxiedOperation,
  proxiedOperations,
} from '../../../domain/proxied-operations.ts'
import { type UpstreamName, upstreamNames, urlsOf } from '../../../domain/upstreams.ts'
import type { Json } from '../envoy/json.ts'
import { identityScript, plainScript } from './lua.ts'
import { kongRoutes, restRoutes } from './routes.ts'

/** A key of auth's JWKS. */
export type PublicKey = JsonWebKeyInput['key'] & { kid: string; alg: string }

export type KongOptions = {
  /** The gateway's settings. */
  settings: Settings<'gateway'>
  /** The address of the Node gateway, for all requests that Kong does not handle. */
  gatewayUrl: string
  /** Kong does not fetch keys: restart it when auth's keys change. */
  keys: readonly PublicKey[]
  /** The headers that every response has. */
  safetyHeaders: Readonly<Record<string, string>>
}

/** Kong's declarative configuration, without a database. */
export const kongConfig = (options: KongOptions): Json => ({
  _format_version: '3.0',
  _transform: true,
  plugins: pluginsOfAll(options),
  consumers: [{ username: 'auth', jwt_secrets: options.keys.map(secretOf) }],
  upstreams: [
    ...upstreamNames.map((name) => upstream(name, urlsOf(options.settings)[name])),
    upstream(rest, [options.gatewayUrl]),
  ],
  services: [
    ...upstreamNames.flatMap((name) => servicesOf(options, name)),
    { ...service(rest, rest, options.settings, 0), routes: restRoutes },
  ],
})

/** The Node gateway. */
const rest = 'gateway'

const secretOf = ({ kid, alg, ...jwk }: PublicKey): Json => ({
  key: kid,
  algorithm: alg,
  // The field has this name for every algorithm.
  rsa_public_key: createPublicKey({ key: jwk, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString(),
})

const upstream = (name: string, urls: readonly string[]): Json => ({
  name: `${name}.upstream`,
  targets: urls.map((url) => ({ target: new URL(url).host })),
})

/** A failed request may have taken effect, so only reads are retried. */
const servicesOf = (options: KongOptions, name: UpstreamName): Json[] => {
  const own = proxiedOperations.filter(({ upstream }) => upstream === name)
  const reads = own.filter(isRead)
  const writes = own.filter((each) => !isRead(each))
  return [
    serviceOf(options, name, `${name}-reads`, reads, 1),
    serviceOf(options, name, `${name}-writes`, writes, 0),
  ]
}

const serviceOf = (
  options: KongOptions,
  upstream: UpstreamName,
  name: string,
  operations: readonly ProxiedOperation[],
  retries: number,
): Json => ({
  ...service(name, upstream, options.settings, retries),
  plugins: pluginsFor(options, upstream),
  routes: operations.map((each) => ({
    ...kongRoutes(each),
    ...(isChecked(each) && { plugins: [tokens] }),
  })),
})

const service = (
  name: string,
  upstream: string,
  settings: Settings<'gateway'>,
  retries: number,
): { [name: string]: Json } => ({
  name,
  protocol: 'http',
  host: `${upstream}.upstream`,
  retries,
  connect_timeout: 1_000,
  read_timeout: settings.DEADLINE_MS,
  write_timeout: settings.DEADLINE_MS,
})

const plugin = (name: string, config: Json): Json => ({ name, config })

const tokens: Json = plugin('jwt', {
  key_claim_name: 'kid',
  claims_to_verify: ['exp'],
  header_names: ['authorization'],
  uri_param_names: [],
  cookie_names: [],
  run_on_preflight: true,
})

const pluginsOfAll = ({ settings, safetyHeaders }: KongOptions): Json[] => [
  plugin('correlation-id', {
    header_name: 'x-request-id',
    generator: 'uuid',
    echo_downstream: true,
  }),
  plugin('rate-limiting', {
    // Kong has windows of a second, a minute and an hour.
    second: Math.ceil(settings.RATE_LIMIT_ADDRESS / settings.RATE_LIMIT_WINDOW_S),
    limit_by: 'ip',
    policy: 'local',
  }),
  plugin('request-size-limiting', {
    allowed_payload_size: Math.ceil(settings.BODY_LIMIT_BYTES / 1_024),
    size_unit: 'kilobytes',
    require_content_length: false,
  }),
  plugin('response-transformer', {
    add: { headers: Object.entries(safetyHeaders).map(([name, value]) => `${name}:${value}`) },
    remove: { headers: ['server', 'set-cookie', 'x-powered-by', 'x-internal-key'] },
  }),
]

/** `pre-function` runs before `jwt`, `post-function` after everything else. */
const pluginsFor = ({ settings }: KongOptions, upstream: UpstreamName): Json[] => [
  plugin('pre-function', { access: [plainScript] }),
  plugin('request-transformer', {
    add: {
      headers: [`x-internal-key:${settings.INTERNAL_KEY}`, `x-deadline-ms:${settings.DEADLINE_MS}`],
    },
  }),
  ...(upstream === 'auth' ? [] : [plugin('post-function', { access: [identityScript(settings)] })]),
]

import { passedHeaders, returnedHeaders } from '../../../domain/forwarded-headers.ts'
import { keysCluster } from './clusters.ts'
import { duration, type Json, typed } from './json.ts'
import { namesExcept } from './names-except.ts'
import type { EnvoyOptions } from './options.ts'
import { rateLimit } from './rate-limit.ts'

/** The HTTP filters, in the order in which they run. */
export const filters = (options: EnvoyOptions): Json[] => [
  wellFormed,
  headers(options),
  authorization,
  tokens(options),
  claims,
  extension('local_ratelimit', rateLimit(options)),
  wholeRequest(options),
  extension(
    'router',
    typed('envoy.extensions.filters.http.router.v3.Router', { suppress_envoy_headers: true }),
  ),
]

const extension = (name: string, typed_config: Json): Json => ({
  name: `envoy.filters.http.${name}`,
  typed_config,
})

/** Rejects a request if the header is present and has another form. Filters of one type need different names. */
const refusing = (name: string, header: string, form: string): Json => ({
  name,
  typed_config: typed('envoy.extensions.filters.http.rbac.v3.RBAC', {
    rules: {
      action: 'DENY',
      policies: {
        [name]: {
          permissions: [
            {
              and_rules: {
                rules: [
                  { header: { name: header, present_match: true } },
                  {
                    not_rule: {
                      header: { name: header, string_match: { safe_regex: { regex: form } } },
                    },
                  },
                ],
              },
            },
          ],
          principals: [{ any: true }],
        },
      },
    },
  }),
})

/** Envoy joins two Host headers with a comma. */
const wellFormed = refusing('well-formed', ':authority', String.raw`[\w.:\[\]~%-]*`)

/** A part of a token in its only valid encoding: decoders ignore surplus bits at the end. */
const part = String.raw`(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?`

/**
 * The same rule as `bearerToken`. `jwt_authn` finds its prefix anywhere in the header, ignores text
 * after the token, and accepts every encoding of its parts.
 */
const authorization = refusing(
  'authorization',
  'authorization',
  String.raw`(?i:Bearer) ${part}\.${part}\.${part}`,
)

/** Connection headers and pseudo headers of HTTP. */
const ofProtocol = [
  'host',
  'connection',
  'transfer-encoding',
  'date',
  ':method',
  ':path',
  ':authority',
  ':scheme',
  ':protocol',
  ':status',
]

const removeAllBut = (names: readonly string[]): Json => ({
  remove_on_match: {
    key_matcher: { safe_regex: { regex: namesExcept([...names, ...ofProtocol]) } },
  },
})

/** Forwards only the listed headers, so that a client cannot set a user id or the internal key. */
const headers = ({ safetyHeaders }: EnvoyOptions): Json =>
  extension(
    'header_mutation',
    typed('envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', {
      mutations: {
        request_mutations: [removeAllBut([...passedHeaders, 'authorization', 'x-request-id'])],
        response_mutations: [
          removeAllBut([...returnedHeaders, 'x-request-id']),
          ...Object.entries(safetyHeaders).map(([key, value]) => ({
            append: { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
          })),
        ],
      },
    }),
  )

/** Verifies tokens with auth's public keys, and sets the user header. */
const tokens = ({ settings }: EnvoyOptions): Json =>
  extension(
    'jwt_authn',
    typed('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
      providers: {
        auth: {
          issuer: settings.JWT_ISSUER,
          audiences: [settings.JWT_AUDIENCE],
          remote_jwks: remoteKeys(settings.JWKS_REFRESH_MS),
          from_headers: ['Bearer ', 'bearer ', 'BEARER '].map((value_prefix) => ({
            name: 'authorization',
            value_prefix,
          })),
          forward: false,
          require_expiration: true,
          // 0 would be the default of 60.
          clock_skew_seconds: 1,
          claim_to_headers: [{ header_name: 'x-user-id', claim_name: 'sub' }],
          payload_in_metadata: 'claims',
          header_in_metadata: 'header',
        },
      },
      rules: [{ match: { prefix: '/' }, requires: { provider_name: 'auth' } }],
    }),
  )

const remoteKeys = (refreshMs: number): Json => ({
  http_uri: {
    uri: 'http://auth/auth/.well-known/jwks.json',
    cluster: keysCluster,
    timeout: '1s',
  },
  cache_duration: duration(refreshMs),
  async_fetch: { fast_listener: true, failed_refetch_duration: '1s' },
})

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

const claim = (path: readonly string[], value: Json): Json => ({
  sourced_metadata: {
    metadata_matcher: {
      filter: 'envoy.filters.http.jwt_authn',
      path: path.map((key) => ({ key })),
      value,
    },
  },
})

/** The claims that an access token must have besides a valid signature. */
const claims: Json = extension(
  'rbac',
  typed('envoy.extensions.filters.http.rbac.v3.RBAC', {
    rules: {
      action: 'ALLOW',
      policies: {
        'access-token': {
          permissions: [{ any: true }],
          principals: [
            {
              and_ids: {
                ids: [
                  claim(['claims', 'type'], { string_match: { exact: 'access' } }),
                  claim(['claims', 'sub'], { string_match: { safe_regex: { regex: uuid } } }),
                  claim(['claims', 'iat'], { double_match: { range: { start: 0, end: 1e12 } } }),
                  claim(['header', 'typ'], { string_match: { exact: 'JWT' } }),
                  claim(['header', 'kid'], { string_match: { safe_regex: { regex: '.+' } } }),
                  { not_id: claim(['header', 'crit'], { present_match: true }) },
                ],
              },
            },
          ],
        },
      },
    },
  }),
)

/** A body is buffered up to the limit before the request is forwarded. */
const wholeRequest = ({ settings }: EnvoyOptions): Json =>
  extension(
    'buffer',
    typed('envoy.extensions.filters.http.buffer.v3.Buffer', {
      max_request_bytes: settings.BODY_LIMIT_BYTES,
    }),
  )

import { type Json, typed } from './json.ts'
import type { EnvoyOptions } from './options.ts'

/** A token bucket for each address and for each user, in this process. */
const rateLimitActions: Json = [
  { actions: [{ remote_address: {} }] },
  { actions: [{ request_headers: { header_name: 'x-user-id', descriptor_key: 'user' } }] },
]

/** The limits of M4 as token buckets; log-ins have no stricter limit. */
export const rateLimit = ({ settings }: EnvoyOptions): Json =>
  typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'gateway',
    // The bucket of all requests: no limit.
    token_bucket: bucket(1_000_000, 1),
    filter_enabled: whole,
    filter_enforced: whole,
    // An entry without a value has a bucket for each value.
    descriptors: [
      {
        entries: [{ key: 'remote_address' }],
        token_bucket: bucket(settings.RATE_LIMIT_ADDRESS, settings.RATE_LIMIT_WINDOW_S),
      },
      {
        entries: [{ key: 'user' }],
        token_bucket: bucket(settings.RATE_LIMIT_USER, settings.RATE_LIMIT_WINDOW_S),
      },
    ],
    max_dynamic_descriptors: settings.RATE_LIMIT_CLIENTS_MAX,
    rate_limits: rateLimitActions,
  })

const bucket = (tokens: number, seconds: number): Json => ({
  max_tokens: tokens,
  tokens_per_fill: tokens,
  fill_interval: `${seconds}s`,
})

const whole: Json = { default_value: { numerator: 100, denominator: 'HUNDRED' } }

import { addresses, list, number } from '../kinds.ts'

/** The settings of the gateway. */
export const gateway = {
  AUTH_URLS: addresses('http://127.0.0.1:8001', 'URLs of auth, separated by commas'),
  CORS_ORIGINS: list('', 'Origins that CORS allows, separated by commas; none by default'),
  TRUSTED_PROXIES: list(
    '',
    'Proxies whose X-Forwarded-For is trusted: addresses, or ranges such as 10.0.0.0/8, separated by commas',
  ),
  HEALTH_INTERVAL_MS: number(
    50,
    600_000,
    2_000,
    "Pause between two checks of the services' health, in milliseconds",
  ),
  JWKS_REFRESH_MS: number(
    100,
    3_600_000,
    30_000,
    "Pause between two fetches of auth's public keys (M6), in milliseconds; a retired key is accepted for as long",
  ),
  JWKS_COOLDOWN_MS: number(
    10,
    60_000,
    1_000,
    "The minimum time between two fetches of auth's keys, in milliseconds",
  ),
  JWKS_MAX_AGE_MS: number(
    100,
    86_400_000,
    3_600_000,
    'How long keys are used after the last successful fetch, in milliseconds',
  ),
  TOKEN_CACHE_MAX: number(
    1,
    1_000_000,
    10_000,
    'The maximum number of tokens in the cache of a gateway (M2)',
  ),
  RATE_LIMIT_ADDRESS: number(
    1,
    10_000_000,
    100,
    'Requests from one address in RATE_LIMIT_WINDOW_S (M4); an IPv6 /64 counts as one address',
  ),
  RATE_LIMIT_USER: number(
    1,
    10_000_000,
    50,
    'Requests of one user in RATE_LIMIT_WINDOW_S (M4), with any token',
  ),
  RATE_LIMIT_WINDOW_S: number(1, 3_600, 1, 'The window of these two limits, in seconds'),
  RATE_LIMIT_LOGINS: number(
    1,
    10_000_000,
    60,
    'Requests to register, log in and refresh from one address in RATE_LIMIT_LOGINS_WINDOW_S (M4)',
  ),
  RATE_LIMIT_LOGINS_WINDOW_S: number(1, 3_600, 60, 'The window of that limit, in seconds'),
  RATE_LIMIT_CLIENTS_MAX: number(
    100,
    1_000_000,
    10_000,
    'The maximum number of clients in the memory of a gateway, for each of these limits',
  ),
  EDGE_CACHE_TTL_MS: number(
    10,
    60_000,
    1_000,
    'The maximum age of a cached public read (M9), in milliseconds',
  ),
  EDGE_CACHE_BYTES: number(
    65_536,
    4_294_967_296,
    67_108_864,
    'Memory for cached public reads (M9), in bytes',
  ),
  RESPONSE_LIMIT_BYTES: number(
    65_536,
    268_435_456,
    8_388_608,
    'The maximum size of a response of a service, in bytes',
  ),
  UPSTREAM_LOGINS: number(1, 1_000, 16, 'Concurrent registrations, log-ins and refreshes at auth'),
  UPSTREAM_LOGINS_QUEUE_MAX: number(
    0,
    100_000,
    200,
    'Registrations, log-ins and refreshes that may wait; beyond it 503',
  ),
  UPSTREAM_TOKENS: number(
    1,
    1_000,
    64,
    'Concurrent verifications of tokens and other requests at auth',
  ),
  UPSTREAM_READS: number(
    1,
    1_000,
    16,
    'Concurrent reads at product or order; few, because a large page takes tens of milliseconds of CPU',
  ),
  UPSTREAM_ORDERS: number(
    1,
    1_000,
    64,
    'Concurrent creations and cancellations of orders at order',
  ),
  UPSTREAM_CHANGES: number(1, 1_000, 16, 'Concurrent changes of products and deals at product'),
  UPSTREAM_STREAMS: number(1, 100_000, 1_000, 'Streams of order events that a gateway keeps open'),
  UPSTREAM_QUEUE_MAX: number(
    0,
    100_000,
    1_000,
    'Requests of each other class that may wait; beyond it 503',
  ),
}

import { z } from 'zod'
import {
  addresses,
  brokers,
  list,
  number,
  oneOf,
  optionalAddress,
  optionalPostgresAddress,
  optionalSecret,
  port,
  portList,
  ratio,
  redisAddress,
  redisServers,
  secret,
  secretPostgresAddress,
  text,
  topicPrefix,
} from './kinds.ts'

/**
 * Every setting of every process: its name in the environment, its default, its range and its
 * purpose. `npm run generate` writes `.env.example` from it.
 */

const dayMs = 86_400_000
const yearMs = 365 * dayMs

const databaseUrl = (role: string) =>
  `postgres://${role}:development-only@127.0.0.1:8432/flash_deal`

const process = {
  NODE_ENV: oneOf(
    ['development', 'test', 'production'],
    'development',
    'In production every secret must be set; a default secret is rejected',
  ),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'The minimum level of log lines',
  ),
  HOST: text('127.0.0.1', 'The address that the services listen on'),
  INTERNAL_KEY: secret(
    'development-only',
    'The secret with which gateway and services authenticate to each other; the same for all',
  ),
  DEADLINE_MS: number(100, 60_000, 5_000, 'How long a request may take, in milliseconds'),
  DRAIN_MS: number(
    0,
    8_500,
    500,
    'How long a service accepts requests after SIGTERM, in milliseconds',
  ),
  HEADERS_TIMEOUT_MS: number(
    100,
    60_000,
    10_000,
    'How long the headers of a request may take to arrive, in milliseconds; at most REQUEST_TIMEOUT_MS',
  ),
  REQUEST_TIMEOUT_MS: number(
    100,
    600_000,
    10_000,
    'How long a whole request may take to arrive, in milliseconds',
  ),
  HEADERS_LIMIT_BYTES: number(
    4_096,
    65_536,
    16_384,
    'The maximum size of the URL and the headers of a request together, in bytes',
  ),
  BODY_LIMIT_BYTES: number(1_024, 10_485_760, 131_072, 'The maximum size of a body, in bytes'),
  CLIENT_WRITE_TIMEOUT_MS: number(
    100,
    600_000,
    5_000,
    'A client that reads nothing of its response for this time is disconnected, in milliseconds',
  ),
  UNREAD_LIMIT_BYTES: number(
    1_048_576,
    8_589_934_592,
    134_217_728,
    'Unread bytes of all clients together, beyond which the slowest are disconnected',
  ),
  CONNECTIONS_MAX: number(10, 1_000_000, 10_000, 'Connections that a service accepts'),
  CONNECTIONS_PER_ADDRESS: number(
    1,
    1_000_000,
    1_000,
    'Connections that a service accepts from one address, except from TRUSTED_PROXIES',
  ),
  TELEMETRY: oneOf(
    ['auto', 'on', 'off'],
    'auto',
    'Whether spans are recorded; auto means if OTEL_EXPORTER_OTLP_ENDPOINT is set',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalAddress(
    'The collector that gets the spans by OTLP over HTTP; http://127.0.0.1:4318 with TELEMETRY=on',
  ),
  OTEL_TRACES_SAMPLER_ARG: ratio(
    1,
    'The share of new traces that is recorded; a trace of a caller is recorded if the caller records it',
  ),
}

const ports = {
  GATEWAY_PORT: port(
    8000,
    'Port of the gateway. Metrics of each process are on its port plus 1,000',
  ),
  AUTH_PORT: port(8001, 'Port of auth'),
  PRODUCT_PORT: port(8002, 'Port of product'),
  ORDER_PORT: port(8003, 'Port of order'),
  PRODUCT_GRPC_PORT: port(8012, 'Port of product for gRPC, with SCENARIO_H1=grpc'),
}

const database = {
  QUERY_TIMEOUT_MS: number(10, 60_000, 2_000, 'How long a statement may take, in milliseconds'),
  QUERY_QUEUE_MAX: number(
    1,
    100_000,
    1_000,
    'Statements that may run or wait in each pool; beyond it 503',
  ),
  POOLER: oneOf(
    ['none', 'transaction'],
    'none',
    'transaction for a PgBouncer in transaction mode between the services and PostgreSQL; the same for the migrator',
  ),
  RETENTION_INTERVAL_MS: number(
    1_000,
    86_400_000,
    60_000,
    'Pause between two rounds that delete old rows, in milliseconds',
  ),
  RETENTION_BATCH: number(
    1,
    10_000,
    200,
    'The maximum number of old rows that one statement deletes',
  ),
  RETENTION_PAUSE_MS: number(
    0,
    60_000,
    20,
    'Pause between two deleting statements of a round, in milliseconds',
  ),
}

const auth = {
  AUTH_DATABASE_URL: secretPostgresAddress(
    databaseUrl('auth_service'),
    "PostgreSQL as auth's own role",
  ),
  JWT_ALG: oneOf(['RS256', 'ES256', 'EdDSA'], 'RS256', 'The algorithm that signs access tokens'),
  JWT_ISSUER: text('flash-deal', 'The `iss` of access tokens'),
  JWT_AUDIENCE: text('flash-deal', 'The `aud` of access tokens'),
  JWT_PRIVATE_KEY: optionalSecret(
    'The private key for access tokens: PEM (PKCS#8), with newlines or \\n, or base64 of that; generated at the first start if it is not set',
  ),
  JWT_PUBLIC_KEYS: text(
    '',
    'Additional public keys whose access tokens are accepted, PEM or base64 of it, one after another: the next key five minutes before it signs, the previous one for ACCESS_TOKEN_TTL_S after',
  ),
  KEYS_DIR: text('.local/keys', 'The folder of the keys that auth generates'),
  ACCESS_TOKEN_TTL_S: number(1, 86_400, 3_600, 'Lifetime of an access token, in seconds'),
  REFRESH_TOKEN_TTL_S: number(1, 31_536_000, 1_209_600, 'Lifetime of a refresh token, in seconds'),
  REFRESH_GRACE_MS: number(
    0,
    60_000,
    10_000,
    'How long a used refresh token may be used again, in milliseconds',
  ),
  REFRESH_TOKEN_RETENTION_MS: number(
    60_000,
    yearMs,
    dayMs,
    'How long a refresh token is stored after it has expired, in milliseconds',
  ),
  PASSWORD_CONCURRENCY: number(1, 64, 2, 'Passwords that are hashed concurrently'),
  PASSWORD_QUEUE_MAX: number(1, 10_000, 200, 'Passwords that may wait to be hashed; beyond it 503'),
}

const product = {
  PRODUCT_DATABASE_URL: secretPostgresAddress(
    databaseUrl('product_service'),
    "PostgreSQL as product's own role",
  ),
  REDIS_URL: redisAddress(
    'Redis or Valkey, as redis://host:port; scenarios that need it refuse to start without it',
  ),
  REDIS_TIMEOUT_MS: number(10, 10_000, 200, 'How long a Redis command may take, in milliseconds'),
  REDLOCK_URLS: redisServers(
    'Three independent Valkeys, separated by commas, for SCENARIO_M1=redlock',
  ),
  KAFKA_BROKERS: brokers(
    'Kafka, as host:port, several separated by commas; scenarios that need it refuse to start without it',
  ),
  KAFKA_TIMEOUT_MS: number(
    100,
    60_000,
    2_000,
    'How long a write to Kafka may take, with its wait, in milliseconds',
  ),
  KAFKA_PREFIX: topicPrefix(
    'The prefix of the names of topics and consumer groups, for systems that share one Kafka',
  ),
  ORDER_URLS: addresses('http://127.0.0.1:8003', 'URLs of order, separated by commas'),
  RESERVATION_TTL_MS: number(
    100,
    3_600_000,
    30_000,
    'How long a reservation is held before the sweep asks order about it, in milliseconds',
  ),
  SWEEP_INTERVAL_MS: number(
    50,
    600_000,
    1_000,
    'Pause between two rounds of the sweep and of the closing of deals, in milliseconds',
  ),
  INVARIANTS_INTERVAL_MS: number(
    100,
    dayMs,
    30_000,
    'Pause between two checks of the invariants for /metrics, in milliseconds; longer if a check takes long',
  ),
  RELEASED_RETENTION_MS: number(
    dayMs,
    yearMs,
    dayMs,
    'How long a released reservation is stored, in milliseconds; longer than any message may be late',
  ),
}

const order = {
  KAFKA_BROKERS: product.KAFKA_BROKERS,
  KAFKA_TIMEOUT_MS: product.KAFKA_TIMEOUT_MS,
  KAFKA_PREFIX: product.KAFKA_PREFIX,
  INVARIANTS_INTERVAL_MS: product.INVARIANTS_INTERVAL_MS,
  PENDING_RETRY_MS: number(
    100,
    3_600_000,
    10_000,
    'Age at which a pending order is appended to the log again (H2), in milliseconds',
  ),
  RECOVERY_INTERVAL_MS: number(
    50,
    600_000,
    1_000,
    'Pause between two rounds that append such orders again (H2), in milliseconds',
  ),
  ORDER_DATABASE_URL: secretPostgresAddress(
    databaseUrl('order_service'),
    "PostgreSQL as order's own role",
  ),
  PRODUCT_URLS: addresses('http://127.0.0.1:8002', 'URLs of product, separated by commas'),
  PRODUCT_GRPC_URLS: addresses(
    'http://127.0.0.1:8012',
    'URLs of product for gRPC, with SCENARIO_H1=grpc, separated by commas',
  ),
  CLAIM_LEASE_MS: number(
    100,
    600_000,
    10_000,
    'How long an attempt holds the lease of its Idempotency-Key, in milliseconds',
  ),
  CLAIM_RETENTION_MS: number(
    3_600_000,
    yearMs,
    dayMs,
    'How long an Idempotency-Key and its response are stored after the last attempt, in milliseconds',
  ),
  VOID_RETENTION_MS: number(
    dayMs,
    yearMs,
    dayMs,
    'How long a void order id is stored, in milliseconds; longer than any message may be late',
  ),
  RELAY_INTERVAL_MS: number(
    20,
    600_000,
    500,
    'Pause between two rounds of the outbox relay, in milliseconds',
  ),
  ORDER_STREAMS_MAX: number(1, 100_000, 2_000, 'Streams of order events that may be open'),
  ORDER_STREAM_HEARTBEAT_MS: number(
    100,
    600_000,
    3_000,
    'Pause between two comments in a stream of order events, in milliseconds',
  ),
  ORDER_STREAM_POLL_MS: number(
    100,
    60_000,
    1_000,
    'Pause between two queries for orders that another process decided, while a stream is open, in milliseconds',
  ),
  BREAKER_OPEN_MS: number(
    10,
    600_000,
    30_000,
    'How long the circuit breaker stays open (M5), in milliseconds',
  ),
  BREAKER_CALLS_MIN: number(
    1,
    100_000,
    10,
    'The minimum number of calls in ten seconds; if half of them fail, the circuit breaker opens (M5)',
  ),
  BREAKER_TIMEOUT_MS: number(
    50,
    60_000,
    2_000,
    'The timeout of a call to product (M5), in milliseconds; it counts as a failure',
  ),
}

const gateway = {
  AUTH_URLS: addresses('http://127.0.0.1:8001', 'URLs of auth, separated by commas'),
  CORS_ORIGINS: list('', 'Origins that CORS allows, separated by commas; none by default'),
  TRUSTED_PROXIES: list(
    '',
    'Addresses of proxies whose X-Forwarded-For is trusted, separated by commas',
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

/** Additional settings of `make run` and `make test`. */
const local = {
  DATABASE_URL: optionalPostgresAddress(
    'An existing PostgreSQL 18, with a role that can create roles; if it is not set, one is started',
  ),
  DATABASE_NAME: text('flash_deal', 'The database that is created and migrated'),
  POSTGRES_PORT: port(8432, 'Port of the PostgreSQL that is started'),
  VALKEY_PORT: port(8379, 'Port of the Valkey that is started'),
  KAFKA_PORT: port(8392, 'Port of the Kafka that is started, with SCENARIO_H2'),
  KAFKA_CONTROLLER_PORT: port(8393, 'Port of its controller'),
  ENVOY_GATEWAY_PORT: port(
    8010,
    'Port of the Node gateway behind Envoy (SCENARIO_H5=envoy); Envoy listens on GATEWAY_PORT',
  ),
  REDLOCK_PORTS: portList(
    [8381, 8382, 8383],
    'Ports of the three Valkeys that are started for SCENARIO_M1=redlock',
  ),
  STATE_DIR: text(
    '.local',
    'Folder for data, keys and downloaded tools; it can be deleted when nothing runs',
  ),
}

/** The settings of each process. */
export const settingsSchemas = {
  auth: z.object({ ...process, ...ports, ...database, ...auth }),
  product: z.object({ ...process, ...ports, ...database, ...product }),
  order: z.object({ ...process, ...ports, ...database, ...order }),
  gateway: z.object({
    ...process,
    ...ports,
    ...gateway,
    PRODUCT_URLS: order.PRODUCT_URLS,
    ORDER_URLS: product.ORDER_URLS,
    JWT_ISSUER: auth.JWT_ISSUER,
    JWT_AUDIENCE: auth.JWT_AUDIENCE,
    REDIS_URL: product.REDIS_URL,
    REDIS_TIMEOUT_MS: product.REDIS_TIMEOUT_MS,
  }),
  /** The migrator sets the passwords of the roles to those in the services' URLs. */
  migrate: z.object({
    NODE_ENV: process.NODE_ENV,
    QUERY_TIMEOUT_MS: database.QUERY_TIMEOUT_MS,
    POOLER: database.POOLER,
    DATABASE_URL: local.DATABASE_URL,
    DATABASE_NAME: local.DATABASE_NAME,
    AUTH_DATABASE_URL: auth.AUTH_DATABASE_URL,
    PRODUCT_DATABASE_URL: product.PRODUCT_DATABASE_URL,
    ORDER_DATABASE_URL: order.ORDER_DATABASE_URL,
  }),
  local: z.object({
    ...process,
    ...ports,
    ...database,
    ...auth,
    ...product,
    ...order,
    ...gateway,
    ...local,
  }),
}

/** The settings by the headings of `.env.example`. */
export const settingsByHeading = {
  'All services': process,
  Ports: ports,
  'PostgreSQL, for auth, product and order': database,
  auth,
  product,
  order,
  gateway,
  '`make run` and `make test`': local,
}

export type ProcessName = keyof typeof settingsSchemas
export type Settings<Name extends ProcessName> = Readonly<z.infer<(typeof settingsSchemas)[Name]>>

/** The settings of every service. */
export type ServiceSettings = Pick<Settings<'order'>, keyof typeof process | keyof typeof ports>
export type DatabaseSettings = Pick<Settings<'order'>, keyof typeof database>

import { z } from 'zod'
import {
  addresses,
  brokers,
  list,
  number,
  oneOf,
  optionalPostgresAddress,
  optionalSecret,
  port,
  portList,
  redisAddress,
  redisServers,
  secret,
  secretPostgresAddress,
  text,
} from './kinds.ts'

/**
 * Every setting of every process: its name in the environment, its default, its range and what it
 * is for. `.env.example` is written from here (`npm run generate`).
 */

const dayMs = 86_400_000
const yearMs = 365 * dayMs

const databaseUrl = (role: string) =>
  `postgres://${role}:development-only@127.0.0.1:8432/flash_deal`

const process = {
  NODE_ENV: oneOf(
    ['development', 'test', 'production'],
    'development',
    'In production every secret must be given; a default one is refused',
  ),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'The least important kind of log line that is written',
  ),
  HOST: text('127.0.0.1', 'The address that the services listen on'),
  INTERNAL_KEY: secret(
    'development-only',
    'What the gateway and the services show each other; the same for all of them',
  ),
  DEADLINE_MS: number(100, 60_000, 5_000, 'How long a request may take, in milliseconds'),
  DRAIN_MS: number(
    0,
    8_500,
    500,
    'How long a stopping service still takes requests, in milliseconds',
  ),
  HEADERS_TIMEOUT_MS: number(
    100,
    60_000,
    10_000,
    'How long the head of a request may take to arrive, in milliseconds; never longer than the whole',
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
    'How long the address and the headers of a request may be together, in bytes',
  ),
  BODY_LIMIT_BYTES: number(1_024, 10_485_760, 131_072, 'The largest body that is read, in bytes'),
  CLIENT_WRITE_TIMEOUT_MS: number(
    100,
    600_000,
    5_000,
    'A client that reads nothing of its response for so long is disconnected, in milliseconds',
  ),
  UNREAD_LIMIT_BYTES: number(
    1_048_576,
    8_589_934_592,
    134_217_728,
    'Bytes that all clients together may leave unread before the slowest are disconnected',
  ),
  CONNECTIONS_MAX: number(10, 1_000_000, 10_000, 'Connections that a service takes'),
  CONNECTIONS_PER_ADDRESS: number(
    1,
    1_000_000,
    1_000,
    'Connections that a service takes from one address; TRUSTED_PROXIES may have more',
  ),
}

const ports = {
  GATEWAY_PORT: port(
    8000,
    'Port of the gateway; its metrics stand 1,000 above it, as for the services',
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
    'Statements that may wait a service before it sheds with 503',
  ),
  POOLER: oneOf(
    ['none', 'transaction'],
    'none',
    'What stands before PostgreSQL: transaction for PgBouncer in transaction mode, for the services and the migrator alike',
  ),
  RETENTION_INTERVAL_MS: number(
    1_000,
    86_400_000,
    60_000,
    'Pause between two rounds that delete old rows, in milliseconds',
  ),
  RETENTION_BATCH: number(1, 10_000, 200, 'Old rows that one statement deletes at most'),
  RETENTION_PAUSE_MS: number(
    0,
    60_000,
    20,
    'Pause between two such statements of a round, in milliseconds',
  ),
}

const auth = {
  AUTH_DATABASE_URL: secretPostgresAddress(
    databaseUrl('auth_service'),
    "PostgreSQL as auth's own role",
  ),
  JWT_ALG: oneOf(['RS256', 'ES256', 'EdDSA'], 'RS256', 'How access tokens are signed'),
  JWT_ISSUER: text('flash-deal', 'The `iss` of access tokens'),
  JWT_AUDIENCE: text('flash-deal', 'The `aud` of access tokens'),
  JWT_PRIVATE_KEY: optionalSecret(
    'The private key for access tokens, PEM (PKCS#8), line breaks may be written \\n, or base64 of that; else made at first start',
  ),
  JWT_PUBLIC_KEYS: text(
    '',
    'Public keys whose access tokens are accepted too, PEM or base64 of it, one after another: the next key five minutes before it signs, the last one for the life of a token after',
  ),
  KEYS_DIR: text('.local/keys', 'Where auth keeps the keys that it made'),
  ACCESS_TOKEN_TTL_S: number(1, 86_400, 3_600, 'Life of an access token, in seconds'),
  REFRESH_TOKEN_TTL_S: number(1, 31_536_000, 1_209_600, 'Life of a refresh token, in seconds'),
  REFRESH_GRACE_MS: number(
    0,
    60_000,
    10_000,
    'How long a refresh token that was used may be used again, in milliseconds',
  ),
  REFRESH_TOKEN_RETENTION_MS: number(
    60_000,
    yearMs,
    dayMs,
    'How long a refresh token is kept after it has expired, in milliseconds',
  ),
  PASSWORD_CONCURRENCY: number(1, 64, 2, 'Passwords hashed at a time'),
  PASSWORD_QUEUE_MAX: number(1, 10_000, 200, 'Passwords that may wait before auth sheds with 503'),
}

const product = {
  PRODUCT_DATABASE_URL: secretPostgresAddress(
    databaseUrl('product_service'),
    "PostgreSQL as product's own role",
  ),
  REDIS_URL: redisAddress(
    'Redis or Valkey, as redis://host:port; scenarios that need it refuse to start without',
  ),
  REDIS_TIMEOUT_MS: number(10, 10_000, 200, 'How long a Redis command may take, in milliseconds'),
  REDLOCK_URLS: redisServers(
    'Three Valkeys that know nothing of each other, with commas between them, for SCENARIO_M1=redlock',
  ),
  KAFKA_BROKERS: brokers(
    'Kafka, as host:port, several with commas between them; scenarios that need it refuse to start without',
  ),
  ORDER_URLS: addresses(
    'http://127.0.0.1:8003',
    'Where order is; several with commas between them',
  ),
  RESERVATION_TTL_MS: number(
    100,
    3_600_000,
    30_000,
    'Age at which an unsettled reservation is asked about, in milliseconds',
  ),
  SWEEP_INTERVAL_MS: number(
    50,
    600_000,
    1_000,
    'Pause between two sweeps of reservations and closings of deals, in milliseconds',
  ),
  RELEASED_RETENTION_MS: number(
    dayMs,
    yearMs,
    dayMs,
    'How long a released reservation is kept, in milliseconds; longer than a late message may take',
  ),
}

const order = {
  KAFKA_BROKERS: product.KAFKA_BROKERS,
  ORDER_DATABASE_URL: secretPostgresAddress(
    databaseUrl('order_service'),
    "PostgreSQL as order's own role",
  ),
  PRODUCT_URLS: addresses(
    'http://127.0.0.1:8002',
    'Where product is; several with commas between them',
  ),
  PRODUCT_GRPC_URLS: addresses(
    'http://127.0.0.1:8012',
    'Where product takes gRPC, with SCENARIO_H1=grpc; several with commas between them',
  ),
  CLAIM_LEASE_MS: number(
    100,
    600_000,
    10_000,
    'How long an Idempotency-Key stays with one attempt, in milliseconds',
  ),
  CLAIM_RETENTION_MS: number(
    3_600_000,
    yearMs,
    dayMs,
    'How long an Idempotency-Key and its answer are kept after the last attempt, in milliseconds',
  ),
  VOID_RETENTION_MS: number(
    dayMs,
    yearMs,
    dayMs,
    'How long an order id that became void is kept, in milliseconds; longer than a late message may take',
  ),
  RELAY_INTERVAL_MS: number(
    20,
    600_000,
    500,
    'Pause between two rounds of the outbox relay, in milliseconds',
  ),
  BREAKER_OPEN_MS: number(
    10,
    600_000,
    30_000,
    'How long calls to product are refused after too many failed (M5), in milliseconds',
  ),
  BREAKER_CALLS_MIN: number(
    1,
    100_000,
    10,
    'Calls in ten seconds from which half of them failing opens the breaker (M5)',
  ),
  BREAKER_TIMEOUT_MS: number(
    50,
    60_000,
    2_000,
    'How long a call to product may take (M5), in milliseconds; more is a failure',
  ),
}

const gateway = {
  AUTH_URLS: addresses('http://127.0.0.1:8001', 'Where auth is; several with commas between them'),
  CORS_ORIGINS: list(
    '',
    'Origins whose pages may call the API, with commas between them; none by default',
  ),
  TRUSTED_PROXIES: list(
    '',
    'Addresses whose X-Forwarded-For is believed, with commas between them',
  ),
  HEALTH_INTERVAL_MS: number(
    50,
    600_000,
    2_000,
    "Pause between two looks at the services' health, in milliseconds",
  ),
  JWKS_REFRESH_MS: number(
    100,
    3_600_000,
    30_000,
    "Pause between two looks at auth's public keys (M6), in milliseconds; a retired key is trusted for as long",
  ),
  JWKS_COOLDOWN_MS: number(
    10,
    60_000,
    1_000,
    'The least time between two looks at them, however many tokens name an unknown key, in milliseconds',
  ),
  JWKS_MAX_AGE_MS: number(
    100,
    86_400_000,
    3_600_000,
    'How long keys are trusted that auth has not confirmed since, in milliseconds',
  ),
  TOKEN_CACHE_MAX: number(
    1,
    1_000_000,
    10_000,
    'Verified tokens that a gateway remembers (M2), those that were used last',
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
    'Requests of one user in RATE_LIMIT_WINDOW_S (M4), whatever tokens they bring',
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
    'Clients that a gateway remembers for each of these limits, those that it saw last',
  ),
  EDGE_CACHE_TTL_MS: number(
    10,
    60_000,
    1_000,
    'How old a public read from memory may be (M9), in milliseconds',
  ),
  EDGE_CACHE_BYTES: number(
    65_536,
    4_294_967_296,
    67_108_864,
    'Memory for public reads (M9), in bytes; those that were used last stay',
  ),
  RESPONSE_LIMIT_BYTES: number(
    65_536,
    268_435_456,
    8_388_608,
    'The largest response of a service that is passed on, in bytes',
  ),
  UPSTREAM_LOGINS: number(
    1,
    1_000,
    16,
    'Requests to register, log in and refresh that are with auth at a time',
  ),
  UPSTREAM_LOGINS_QUEUE_MAX: number(
    0,
    100_000,
    200,
    'Those that may wait for that before the gateway sheds with 503',
  ),
  UPSTREAM_TOKENS: number(
    1,
    1_000,
    64,
    'Checks of tokens and other requests that are with auth at a time',
  ),
  UPSTREAM_READS: number(1, 1_000, 64, 'Reads that are with product or order at a time'),
  UPSTREAM_ORDERS: number(1, 1_000, 64, 'Orders and cancels that are with order at a time'),
  UPSTREAM_CHANGES: number(
    1,
    1_000,
    16,
    'Changes of products and deals that are with product at a time',
  ),
  UPSTREAM_QUEUE_MAX: number(
    0,
    100_000,
    1_000,
    'Requests of each other class that may wait before the gateway sheds with 503',
  ),
}

/** What `make run` and `make test` use beside the settings of the services. */
const local = {
  DATABASE_URL: optionalPostgresAddress(
    'A PostgreSQL 18 of your own, as a role that may create roles; else one is started',
  ),
  DATABASE_NAME: text('flash_deal', 'The database that is created and migrated there'),
  POSTGRES_PORT: port(8432, 'Port of the PostgreSQL that is started'),
  VALKEY_PORT: port(8379, 'Port of the Valkey that is started'),
  KAFKA_PORT: port(8392, 'Port of the Kafka that is started, with SCENARIO_H2'),
  KAFKA_CONTROLLER_PORT: port(8393, 'Port of its controller'),
  ENVOY_GATEWAY_PORT: port(
    8010,
    'Port of the Node gateway behind Envoy (SCENARIO_H5=envoy), which itself takes GATEWAY_PORT',
  ),
  REDLOCK_PORTS: portList(
    [8381, 8382, 8383],
    'Ports of the three Valkeys that are started for SCENARIO_M1=redlock',
  ),
  STATE_DIR: text(
    '.local',
    'Folder for data, keys and fetched tools; may be deleted when nothing runs',
  ),
}

/** The settings each process reads. */
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
  /** The migrator: it gives the roles the passwords of the services' addresses. */
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

/** For `.env.example`: the settings in the order and under the headings that a reader expects. */
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

/** What every service has, whichever it is. */
export type ServiceSettings = Pick<Settings<'order'>, keyof typeof process | keyof typeof ports>
export type DatabaseSettings = Pick<Settings<'order'>, keyof typeof database>

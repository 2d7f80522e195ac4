import { addresses, number, secretPostgresAddress } from '../kinds.ts'
import { databaseUrl, dayMs, yearMs } from './defaults.ts'
import { product } from './product.ts'

/** The settings of order. */
export const order = {
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

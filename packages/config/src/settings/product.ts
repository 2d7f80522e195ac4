import {
  addresses,
  brokers,
  number,
  redisAddress,
  redisServers,
  secretPostgresAddress,
  topicPrefix,
} from '../kinds.ts'
import { databaseUrl, dayMs, yearMs } from './defaults.ts'

/** The settings of product. */
export const product = {
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

import { number, oneOf } from '../kinds.ts'

/** The settings of the services with a database. */
export const database = {
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

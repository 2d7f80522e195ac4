import postgres from 'postgres'
import { uuidArray } from './arrays.ts'

/** The number of connections, and whether statements are pipelined. */
export type PoolSize = {
  /** Maximum number of connections, from 1. A connection is opened on first use. */
  max: number
  /**
   * Whether a statement is sent on a busy connection, before its previous statement has completed,
   * if no connection is free. Transactions need it.
   */
  pipelines: boolean
}

/** The connections of a pool to PostgreSQL, or to a pooler in front of it. */
export type ConnectionOptions = PoolSize & {
  url: string
  applicationName: string
  /**
   * The pooler in front of PostgreSQL. A pooler in transaction mode gives each transaction any free
   * connection, so no session state is allowed: no prepared statement, no setting. The statement
   * timeout is then a setting of the role, which the migrator creates.
   */
  pooler?: 'none' | 'transaction'
  /**
   * Timeout of a statement or of a whole transaction, in milliseconds. It includes the wait for a
   * connection, which takes at most half of it.
   */
  timeoutMs: number
}

export const isPooled = ({ pooler }: ConnectionOptions): boolean => pooler === 'transaction'

/** The connections of a pool. postgres.js opens each on first use, and again after it is lost. */
export const connect = (given: ConnectionOptions): postgres.Sql => {
  const { url, applicationName, max, pipelines, timeoutMs } = given
  const bounds = {
    statement_timeout: timeoutMs,
    lock_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
  }
  const options = {
    max,
    // An option of postgres.js that its types and its manual omit. Only 0 and infinity are safe: if
    // a `begin` is the last statement that the limit allows on a connection, postgres.js does not
    // reserve that connection, and other statements on it run in the open transaction. The bulkhead
    // limits the depth.
    max_pipeline: pipelines ? Number.POSITIVE_INFINITY : 0,
    connect_timeout: 2,
    // The default grows to 20 s, although a server restarts much faster.
    backoff: () => 0.1 + Math.random() * 0.1,
    onnotice: () => {},
    fetch_types: false,
    types: { int8, uuidArray },
    // This overrides the option of each statement.
    prepare: !isPooled(given),
    connection: { application_name: applicationName, ...(!isPooled(given) && bounds) },
  }
  return postgres(url, options)
}

/** Amounts and counts. A value that is no safe integer throws. */
const int8 = {
  to: 20,
  from: [20],
  serialize: (value: number): string => value.toString(),
  parse: (digits: string): number => {
    const value = Number(digits)
    if (!Number.isSafeInteger(value)) throw new RangeError(`${digits} is not a safe integer.`)
    return value
  },
}

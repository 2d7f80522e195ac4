import { ApiError } from '@flash-deal/errors'
import postgres from 'postgres'

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const serializationFailure = '40001'
const deadlockDetected = '40P01'
const uniqueViolation = '23505'
const notNullViolation = '23502'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Whether PostgreSQL rolled back to resolve a conflict. The same work may be retried. */
export const isRetryable = (error: unknown): boolean =>
  [serializationFailure, deadlockDetected].includes(codeOf(error))

/**
 * The same for an error as `Database` throws it. Nothing of the statement or transaction is stored.
 */
export const isRolledBack = (error: unknown): boolean =>
  isRetryable(error) || (error instanceof Error && isRetryable(error.cause))

/** Whether a row was rejected because its key exists. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === uniqueViolation

/** Whether a row was rejected because of a null in a column that is not nullable. */
export const isNotNullViolation = (error: unknown): boolean => codeOf(error) === notNullViolation

/** Error classes of an unavailable server: shutting down, out of resources, or too slow. */
const unavailable = /^(08|53|57|58|55P03|25P03|25P04|40)/

/** Errors of a connection that could not be opened or was lost. */
const connectionLost =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|CONNECTION_|CONNECT_TIMEOUT)/

/** Classes after which PostgreSQL closes the connection. */
const connectionEnding = /^(08|57P|25P03|25P04)/

/** Whether the connection of this error is closed. */
export const isConnectionLost = (error: unknown): boolean =>
  connectionEnding.test(codeOf(error)) || connectionLost.test(codeOf(error))

/**
 * Converts errors of PostgreSQL to the catalogue. Values that no contract can describe (class 22) are
 * client errors. Other errors are unchanged and become INTERNAL_ERROR.
 */
export const fromPostgres = (error: unknown): unknown => {
  const code = codeOf(error)
  if (unavailable.test(code) || connectionLost.test(code)) {
    return new ApiError('SERVICE_UNAVAILABLE', { cause: error })
  }
  if (error instanceof postgres.PostgresError && code.startsWith('22')) {
    return new ApiError('VALIDATION_ERROR', { cause: error })
  }
  return error
}

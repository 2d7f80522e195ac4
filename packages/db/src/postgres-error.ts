import { ApiError } from '@flash-deal/errors'
import postgres from 'postgres'

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const serializationFailure = '40001'
const deadlockDetected = '40P01'
const uniqueViolation = '23505'
const notNullViolation = '23502'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Rolled back by PostgreSQL to resolve a conflict: the same work may be tried again. */
export const isRetryable = (error: unknown): boolean =>
  [serializationFailure, deadlockDetected].includes(codeOf(error))

/** Whether a row was refused because one with the same key stands. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === uniqueViolation

/** Whether a row was refused because a column has no value that must have one. */
export const isNotNullViolation = (error: unknown): boolean => codeOf(error) === notNullViolation

/** Classes in which PostgreSQL is away, ending, full or too slow, rather than the statement wrong. */
const unavailable = /^(08|53|57|58|55P03|25P03|25P04|40)/

/** What the connection says when it never reached a server or lost it. */
const connectionLost =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|CONNECTION_|CONNECT_TIMEOUT)/

/** Classes after which PostgreSQL closes the connection. */
const connectionEnding = /^(08|57P|25P03|25P04)/

/** Whether the connection that this came from cannot be used any more. */
export const isConnectionLost = (error: unknown): boolean =>
  connectionEnding.test(codeOf(error)) || connectionLost.test(codeOf(error))

/**
 * PostgreSQL's complaints in the catalogue's words; others are left as they are, and become
 * INTERNAL_ERROR, except for values that no contract can describe (class 22), which are the
 * client's.
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

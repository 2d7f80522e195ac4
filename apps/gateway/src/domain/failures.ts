import { ApiError } from '@flash-deal/errors'

/** Maps the failure of a request to a service to the error for the client. */
export const toApiError = (failure: unknown): ApiError => {
  const error = failure instanceof Error ? failure : new Error(String(failure))
  const code = isTimeout(error) ? 'DEADLINE_EXCEEDED' : 'SERVICE_UNAVAILABLE'
  return apiErrorIn(error) ?? new ApiError(code, { cause: error })
}

/** @fastify/reply-from wraps the original error. */
const apiErrorIn = (failure: unknown): ApiError | undefined => {
  if (failure instanceof ApiError) return failure
  return failure instanceof Error ? apiErrorIn(failure.cause) : undefined
}

/** Only connection failures are retried: a deadline or a size limit would apply again. */
export const isRepeatable = (failure: Error): boolean =>
  !(failure instanceof ApiError) && !isTimeout(failure) && !isTooLarge(failure)

const isTimeout = (failure: Error): boolean =>
  // Of AbortSignal.timeout.
  failure.name === 'TimeoutError' ||
  ('code' in failure && failure.code === 'UND_ERR_HEADERS_TIMEOUT') ||
  ('statusCode' in failure && failure.statusCode === 504)

const isTooLarge = (failure: Error): boolean =>
  'code' in failure && failure.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'

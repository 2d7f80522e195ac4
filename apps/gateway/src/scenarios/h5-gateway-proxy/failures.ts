import { ApiError } from '@flash-deal/errors'

/** What a request to a service came to, as the client is told. */
export const inOurWords = (failure: Error): ApiError =>
  ours(failure) ??
  new ApiError(isTimeout(failure) ? 'DEADLINE_EXCEEDED' : 'SERVICE_UNAVAILABLE', { cause: failure })

/** @fastify/reply-from puts what it was given into an error of its own. */
const ours = (failure: unknown): ApiError | undefined => {
  if (failure instanceof ApiError) return failure
  return failure instanceof Error ? ours(failure.cause) : undefined
}

/** Where the connection failed, another may do; a deadline or a size is the same for all. */
export const isRepeatable = (failure: Error): boolean =>
  !(failure instanceof ApiError) && !isTimeout(failure) && !isTooLarge(failure)

const isTimeout = (failure: Error): boolean =>
  ('code' in failure && failure.code === 'UND_ERR_HEADERS_TIMEOUT') ||
  ('statusCode' in failure && failure.statusCode === 504)

const isTooLarge = (failure: Error): boolean =>
  'code' in failure && failure.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'

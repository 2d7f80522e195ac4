import { ApiError, type ErrorCode } from '@flash-deal/errors'

/** Returns the requested row. @throws ApiError with the code and the details if there is none */
export const rowOrThrow = <Row>(
  row: Row | undefined,
  code: ErrorCode = 'NOT_FOUND',
  details: Record<string, string> = {},
): Row => {
  if (row !== undefined) return row
  throw Object.keys(details).length > 0 ? new ApiError(code, { details }) : new ApiError(code)
}

import { ApiError, type ErrorCode } from '@flash-deal/errors'

/** The row that was asked for. @throws ApiError with the code, where there is none */
export const found = <Row>(row: Row | undefined, code: ErrorCode = 'NOT_FOUND'): Row => {
  if (row === undefined) throw new ApiError(code)
  return row
}

export { findingsMax } from './bounded.ts'
export { ApiError, catalogue, type ErrorCode, type ErrorOptions, isErrorCode } from './catalogue.ts'
export { errorBody, errorHandler, sendError } from './error-handler.ts'
export { fromUnknown } from './from-unknown.ts'

import type { ApiError, ErrorCode } from '@flash-deal/errors'
import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js'

/** The error codes of internal operations; every other error is INTERNAL. */
const statuses: Readonly<Partial<Record<ErrorCode, status>>> = {
  UNAUTHORIZED: status.UNAUTHENTICATED,
  VALIDATION_ERROR: status.INVALID_ARGUMENT,
  NOT_FOUND: status.NOT_FOUND,
  SERVICE_UNAVAILABLE: status.UNAVAILABLE,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
}

/** An error as gRPC sends it, with its code of the catalogue as the trailer `error-code`. */
export const statusOf = ({ code, message }: ApiError): Partial<ServerErrorResponse> => {
  const metadata = new Metadata()
  metadata.set('error-code', code)
  return { code: statuses[code] ?? status.INTERNAL, details: message, metadata }
}

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { bounded } from './bounded.ts'
import type { ApiError, ErrorCode } from './catalogue.ts'
import { CauseLog } from './cause-log.ts'
import { fromUnknown } from './from-unknown.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Logs the causes of failures, each at most once per second. */
    causeLog: CauseLog
  }
  interface FastifyRequest {
    /** The code of the error response; empty if there was none. */
    errorCode: ErrorCode | ''
  }
}

/** The only error handler. It sends every error in the envelope of the contracts. */
export const errorHandler = fp(
  async (app: FastifyInstance) => {
    app.decorate('causeLog', new CauseLog())
    app.decorateRequest('errorCode', '')
    app.setErrorHandler((error: FastifyError, request, reply) => {
      sendError(request, reply, fromUnknown(error))
    })
  },
  { name: 'error-handler' },
)

/** Logs an error at the level of its status and sends it. */
export const sendError = (request: FastifyRequest, reply: FastifyReply, error: ApiError): void => {
  const body = errorBody(request, error)
  request.errorCode = error.code
  logError(request, error, body)
  if (error.statusCode === 401) reply.header('www-authenticate', 'Bearer')
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS)
  reply.code(error.statusCode).type('application/json').send(body)
}

/** Logs the cause. The request log has the status. */
const logError = (
  { log, server }: FastifyRequest,
  error: ApiError,
  { message, details }: ErrorBody,
): void => {
  if (error.statusCode < 500) log.debug({ code: error.code, details }, message)
  // A cause may contain client input. The logger redacts the headers and fields that it knows.
  else if (error.code === 'INTERNAL_ERROR') log.error({ err: error }, message)
  else if (error.cause !== undefined) server.causeLog.write(log, error, message)
}

/** The error envelope of the contracts. It is always smaller than 8 KB. */
export const errorBody = ({ id }: Pick<FastifyRequest, 'id'>, error: ApiError): ErrorBody => ({
  error: error.code,
  ...bounded(error),
  request_id: id,
})

type ErrorBody = {
  error: ErrorCode
  message: string
  details?: Record<string, unknown>
  request_id: string
}

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { bounded } from './bounded.ts'
import type { ApiError, ErrorCode } from './catalogue.ts'
import { CauseLog } from './cause-log.ts'
import { fromUnknown } from './from-unknown.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Writes why something failed, each cause at most once a second. */
    causeLog: CauseLog
  }
  interface FastifyRequest {
    /** Of the error that it was answered with; else empty. */
    errorCode: ErrorCode | ''
  }
}

/** The one error handler: every error leaves as the envelope of the contracts. */
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

/** Logs an error as its status deserves and sends it. */
export const sendError = (request: FastifyRequest, reply: FastifyReply, error: ApiError): void => {
  const body = errorBody(request, error)
  request.errorCode = error.code
  logError(request, error, body)
  if (error.statusCode === 401) reply.header('www-authenticate', 'Bearer')
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS)
  reply.code(error.statusCode).type('application/json').send(body)
}

/** That a request failed stands in its own line; here is why. */
const logError = (
  { log, server }: FastifyRequest,
  error: ApiError,
  { message, details }: ErrorBody,
): void => {
  if (error.statusCode < 500) log.debug({ code: error.code, details }, message)
  // A cause may hold what a client sent; the logger takes out the headers and fields it knows.
  else if (error.code === 'INTERNAL_ERROR') log.error({ err: error }, message)
  else if (error.cause !== undefined) server.causeLog.write(log, error, message)
}

/** The envelope of the contracts; less than 8 KB, whatever the error holds. */
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

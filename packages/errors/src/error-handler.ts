import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { bounded } from './bounded.ts'
import type { ApiError, ErrorCode } from './catalogue.ts'
import { fromUnknown } from './from-unknown.ts'

/** The one error handler: every error leaves as the envelope of the contracts. */
export const errorHandler = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      sendError(request, reply, fromUnknown(error))
    })
  },
  { name: 'error-handler' },
)

/** Logs an error as its status deserves and sends it. */
export const sendError = (request: FastifyRequest, reply: FastifyReply, error: ApiError): void => {
  const body = errorBody(request, error)
  // A cause may hold what a client sent; pino's redaction covers the headers and fields it knows.
  if (error.statusCode >= 500) request.log.error({ err: error }, error.message)
  else request.log.debug({ code: error.code, details: body.details }, body.message)
  if (error.statusCode === 401) reply.header('www-authenticate', 'Bearer')
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS)
  reply.code(error.statusCode).type('application/json').send(body)
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

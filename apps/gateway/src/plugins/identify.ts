import type { FastifyRequest } from 'fastify'

/** For operations with a token: finds out whose it is, before anything of the body is read. */
export const identify = async (request: FastifyRequest): Promise<void> => {
  request.userId = await request.server.userOfToken(request.headers.authorization, {
    traceparent: String(request.headers.traceparent),
    'x-request-id': request.id,
  })
}

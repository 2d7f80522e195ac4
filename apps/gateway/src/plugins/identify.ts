import { contextOf } from '@flash-deal/service'
import type { FastifyRequest } from 'fastify'

/** For operations with a token: finds out whose it is, before anything of the body is read. */
export const identify = async (request: FastifyRequest): Promise<void> => {
  const { server, headers } = request
  request.userId = await server.userOfToken(headers.authorization, contextOf(request))
}

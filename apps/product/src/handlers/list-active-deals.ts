import type { ProductOperations } from '@flash-deal/contracts'
import { jsonType, type RequestOf } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Replies with bytes: a page may come serialized from a cache (E3). */
export const listActiveDeals = async (
  { server, query }: FastifyRequest<RequestOf<ProductOperations['listActiveDeals']>>,
  reply: FastifyReply,
): Promise<string | Buffer> => {
  const { page = 1, size = 20, status = null } = query
  reply.type(jsonType)
  return server.dealList.page({ page, size, status }, (found) => String(reply.serialize(found)))
}

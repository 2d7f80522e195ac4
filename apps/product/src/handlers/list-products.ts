import type { ProductOperations } from '@flash-deal/contracts'
import type { RequestOf } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers with bytes: a page may come serialized out of a cache (E2). */
export const listProducts = async (
  { server, query }: FastifyRequest<RequestOf<ProductOperations['listProducts']>>,
  reply: FastifyReply,
): Promise<string | Buffer> => {
  const { page = 1, size = 20, category = null } = query
  reply.type('application/json')
  return server.productList.page({ page, size, category }, (found) =>
    String(reply.serialize(found)),
  )
}

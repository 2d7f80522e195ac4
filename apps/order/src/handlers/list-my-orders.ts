import type { OrderOperations } from '@flash-deal/contracts'
import { jsonType, type RequestOf, timeFrom } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A serialized page is sent unchanged. */
export const listMyOrders = async (
  { server, db, query, userId }: FastifyRequest<RequestOf<OrderOperations['listMyOrders']>>,
  reply: FastifyReply,
) => {
  const { page = 1, size = 20, status = null, created_from, created_to } = query
  reply.type(jsonType)
  return server.readOrderPage(db, {
    user_id: userId,
    status,
    created_from: created_from === undefined ? null : timeFrom('created_from', created_from),
    created_to: created_to === undefined ? null : timeFrom('created_to', created_to),
    page,
    size,
    skip: (page - 1) * size,
  })
}

import type { OrderOperations } from '@flash-deal/contracts'
import type { RequestOf } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readOwnOrder } from '../storage/existing-order.ts'

export const orderEvents = async (
  request: FastifyRequest<RequestOf<OrderOperations['orderEvents']>>,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { server, db, params, userId, headers } = request
  const order = await readOwnOrder(db, params.order_id, userId)
  reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store')
  // HEAD gets only the headers.
  if (request.method === 'HEAD') return reply.send('')
  return reply.send(server.followOrder(order, headers['last-event-id']))
}

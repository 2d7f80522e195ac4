import type { OrderOperations } from '@flash-deal/contracts'
import { contextOf, jsonType, type RequestOf } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { draftFrom } from '../domain/draft.ts'
import type { Order } from '../domain/order.ts'

/** Replies with bytes: under a key, the first response is stored and repeated byte for byte. */
export const createOrder = async (
  request: FastifyRequest<RequestOf<OrderOperations['createOrder']>>,
  reply: FastifyReply,
): Promise<string> => {
  const { server, userId } = request
  const key = request.headers['idempotency-key']
  const attempt = {
    ...contextOf(request),
    db: request.db,
    orderId: server.newId(),
    userId,
    draft: draftFrom(request.body),
    key,
    serialize: serializerOf(reply),
  }
  reply.type(jsonType)
  if (key === undefined) return accepted(reply, await server.placeOrder(attempt))
  const claim = await server.claimKey({ ...attempt, key })
  return accepted(
    reply,
    'answer' in claim ? claim.answer : await server.placeOrder({ ...attempt, ...claim }),
  )
}

/** A client's text cannot contain this: in JSON its quotation marks are escaped. */
const pending = '"status":"pending"'

/** A pending order gets 202 with the address of its events. */
const accepted = (reply: FastifyReply, answer: string): string => {
  if (!answer.includes(pending)) return answer
  const { id } = JSON.parse(answer) as Pick<Order, 'id'>
  reply.code(202).header('location', `/orders/${id}`)
  return answer
}

/** Looked up before the order is placed: afterwards, the reply may already have been sent as an error. */
const serializerOf = (reply: FastifyReply): ((order: Order) => string) => {
  const serialize = reply.getSerializationFunction('201')
  if (!serialize) throw new Error('The contract has no schema for a created order.')
  return (order) => serialize({ ...order })
}

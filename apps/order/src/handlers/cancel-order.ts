import type { OrderOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import { contextOf, Deadline, type Handler } from '@flash-deal/service'
import { storedTraceparent } from '@flash-deal/telemetry'
import { statesBefore } from '../domain/order.ts'
import { orderCancel, outboxAdd, outboxDelete } from '../gen/queries.ts'
import { readOrder, readOwnOrder } from '../storage/existing-order.ts'

const message = `Only an order that is ${statesBefore('cancelled').join(' or ')} can be cancelled.`

export const cancelOrder: Handler<OrderOperations['cancelOrder']> = async (request) => {
  const { server, db, params, body, userId, log, headers } = request
  const { id } = await readOwnOrder(db, params.order_id, userId)
  const event = await db.transaction(async (tx) => {
    const cancelled = await orderCancel(tx, { id, user_id: userId, reason: body?.reason ?? null })
    if (!cancelled) throw new ApiError('INVALID_ORDER_STATE', { message })
    const traceparent = storedTraceparent(headers.traceparent?.toString())
    return outboxAdd(tx, { order_id: id, kind: 'released', traceparent })
  })
  server.countOrder('cancelled')
  // Released immediately, so that the stock is returned before the response; the relay retries. If
  // product hangs, half of the time is left for the response.
  const deadline = Deadline.in(request.deadline.leftMs / 2)
  await server.productClient
    .release(id, { ...contextOf(request), deadline })
    .then(() => outboxDelete(db, { ids: event ? [event.id] : [] }))
    .catch((error: unknown) =>
      server.causeLog.write(log, error, 'A release is left to the relay', { order_id: id }),
    )
  return readOrder(db, id)
}

import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

export const releaseReservation: Handler<ProductOperations['releaseReservation']> = async ({
  server,
  params,
}) => {
  await server.releaseStock(params.order_id)
  return { order_id: params.order_id, state: 'released' }
}

import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'

export const releaseReservation: Handler<ProductOperations['releaseReservation']> = async ({
  server,
  db,
  params,
}) => {
  await server.releaseStock(params.order_id, db)
  return { order_id: params.order_id, state: 'released' }
}

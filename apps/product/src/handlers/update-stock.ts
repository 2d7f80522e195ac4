import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { assertOwner } from '../domain/assert-owner.ts'
import { found } from '../domain/found.ts'
import { productAddStock, productGetForUpdate } from '../gen/queries.ts'

export const updateStock: Handler<ProductOperations['updateStock']> = async ({
  server,
  params,
  body,
  userId,
}) => {
  const id = params.product_id
  const stock = await server.db.transaction(async (tx) => {
    assertOwner(found(await productGetForUpdate(tx, { id })), userId)
    return found(await productAddStock(tx, { id, delta: body.delta }), 'INSUFFICIENT_STOCK')
  })
  await server.productList.invalidate()
  return stock
}

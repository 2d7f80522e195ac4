import type { ProductOperations } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { Handler } from '@flash-deal/service'
import { assertOwner } from '../domain/assert-owner.ts'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { productAddStock, productGetForUpdate } from '../gen/queries.ts'

export const updateStock: Handler<ProductOperations['updateStock']> = async ({
  server,
  db,
  params,
  body,
  userId,
}) => {
  const id = params.product_id
  return db.transaction(
    async (tx) => {
      assertOwner(rowOrThrow(await productGetForUpdate(tx, { id })), userId)
      return (await productAddStock(tx, { id, delta: body.delta })) ?? refuse(body.delta)
    },
    () => server.productList.invalidate(),
  )
}

const refuse = (delta: number): never => {
  if (delta < 0) throw new ApiError('INSUFFICIENT_STOCK')
  throw new ApiError('VALIDATION_ERROR', { details: { delta: 'would make more than 2147483647' } })
}

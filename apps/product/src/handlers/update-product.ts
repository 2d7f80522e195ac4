import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { assertOwner } from '../domain/assert-owner.ts'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { productGetForUpdate, productUpdate } from '../gen/queries.ts'

export const updateProduct: Handler<ProductOperations['updateProduct']> = async ({
  server,
  db,
  params,
  body,
  userId,
}) => {
  const { productList, dealList, productTotal } = server
  const { after } = await db.transaction(
    async (tx) => {
      const before = rowOrThrow(await productGetForUpdate(tx, { id: params.product_id }))
      assertOwner(before, userId)
      return { before, after: rowOrThrow(await productUpdate(tx, { ...before, ...body })) }
    },
    async ({ before, after }) => {
      const { transaction_id, category } = after
      productTotal.moved({ transaction_id, from: before.category, to: category })
      await Promise.all([productList.invalidate(), dealList.invalidate()])
    },
  )
  const { transaction_id: _, ...product } = after
  return product
}

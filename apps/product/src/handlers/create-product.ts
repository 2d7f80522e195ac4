import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { productCreate } from '../gen/queries.ts'

export const createProduct: Handler<ProductOperations['createProduct']> = async ({
  server,
  db,
  body,
  userId,
}) => {
  const wanted = {
    id: server.newId(),
    owner_id: userId,
    name: body.name,
    description: body.description ?? null,
    price: body.price,
    stock: body.stock,
    category: body.category ?? null,
    image_url: body.image_url ?? null,
  }
  const { transaction_id: _, ...product } = await db.autocommit(
    async (single) => rowOrThrow(await productCreate(single, wanted)),
    async ({ transaction_id, category }) => {
      server.productTotal.moved({ transaction_id, to: category })
      await server.productList.invalidate()
    },
  )
  return product
}

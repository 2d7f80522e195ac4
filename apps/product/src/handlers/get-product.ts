import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { found } from '../domain/found.ts'
import { productGet } from '../gen/queries.ts'

export const getProduct: Handler<ProductOperations['getProduct']> = async ({ server, params }) =>
  found(await productGet(server.db, { id: params.product_id }))

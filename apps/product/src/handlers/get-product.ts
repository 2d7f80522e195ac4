import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { found } from '../domain/found.ts'

export const getProduct: Handler<ProductOperations['getProduct']> = async ({ server, params }) =>
  found(await server.productList.product(params.product_id))

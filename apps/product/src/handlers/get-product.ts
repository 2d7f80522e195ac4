import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { rowOrThrow } from '../domain/row-or-throw.ts'

export const getProduct: Handler<ProductOperations['getProduct']> = async ({ server, params }) =>
  rowOrThrow(await server.productList.product(params.product_id))

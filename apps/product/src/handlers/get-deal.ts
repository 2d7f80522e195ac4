import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { dealFrom } from '../domain/deal.ts'
import { found } from '../domain/found.ts'
import { dealGet } from '../gen/queries.ts'

export const getDeal: Handler<ProductOperations['getDeal']> = async ({ db, params }) =>
  dealFrom(found(await dealGet(db, { id: params.deal_id })))

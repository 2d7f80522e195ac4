import type { ProductOperations } from '@flash-deal/contracts'
import type { Handler } from '@flash-deal/service'
import { dealFrom } from '../domain/deal.ts'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { dealGet } from '../gen/queries.ts'

export const getDeal: Handler<ProductOperations['getDeal']> = async ({ db, params }) =>
  dealFrom(rowOrThrow(await dealGet(db, { id: params.deal_id })))

import type { FastifyInstance } from 'fastify'
import { orderPage } from '../../gen/queries.ts'
import type { ReadOrderPage } from './seam.ts'

/** One statement for the orders, their items and the total, which builds the JSON of the response. */
export const asJson = (app: FastifyInstance): ReadOrderPage => {
  const count = app.witness('E4', 'json')
  return async (db, request) => {
    count()
    const row = await orderPage(db, request)
    if (!row) throw new Error('An aggregate without groups returns one row.')
    return row.body
  }
}

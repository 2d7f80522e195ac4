import type { FastifyInstance } from 'fastify'
import { readDealPage } from '../../storage/deal-page.ts'
import type { DealList } from './seam.ts'

/** Each page is read from PostgreSQL, whose clock decides which deals are open. */
export const fromDatabase = (app: FastifyInstance): DealList => {
  const count = app.witness('E3', 'database')
  return {
    async page(query, serialize) {
      count()
      return serialize(await readDealPage(app.db, query, null))
    },

    async invalidate() {},
  }
}

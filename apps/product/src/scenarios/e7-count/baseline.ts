import type { FastifyInstance } from 'fastify'
import { productCount } from '../../gen/queries.ts'
import type { ProductTotal } from './seam.ts'

/** `count(*)` for each page. */
export const counted = (app: FastifyInstance): ProductTotal => {
  const count = app.witness('E7', 'counted')
  return {
    async of({ category }) {
      count()
      const row = await productCount(app.db, { category })
      return row?.total ?? 0
    },

    moved() {},
  }
}

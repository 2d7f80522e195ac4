import type { FastifyInstance } from 'fastify'
import { SingleFlight } from '../../domain/single-flight.ts'
import { productCountAt } from '../../gen/queries.ts'
import { Counts } from './optimized/counts.ts'
import type { ProductTotal } from './seam.ts'

/**
 * A cached count, adjusted by the writes of this process. The writes of other processes are included
 * in the next count.
 */
export const remembered = (app: FastifyInstance): ProductTotal => {
  const count = app.witness('E7', 'counted')
  const hit = app.witness('E7', 'remembered')
  const flights = new SingleFlight<number>()
  const counts = new Counts()
  return {
    async of({ category }) {
      const known = counts.get(category)
      if (known !== undefined) {
        hit()
        return known
      }
      return flights.do(JSON.stringify(category), () =>
        counts.add(category, async () => {
          count()
          return productCountAt(app.db, { category })
        }),
      )
    },

    moved(move) {
      counts.move(move)
    },
  }
}

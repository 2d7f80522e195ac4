import { invariants } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { rowOrThrow } from '../domain/row-or-throw.ts'
import { invariantCount } from '../gen/queries.ts'

/** The invariants of `npm run invariants` that need only the tables of product. */
export const productInvariants = fp(
  async (app: FastifyInstance, { intervalMs }: { intervalMs: number }) => {
    const count = async () => {
      const { oversold, unbalanced, miscounted, over_limit } = rowOrThrow(
        await invariantCount(app.db),
      )
      return { I1: oversold, I2: unbalanced, I2b: miscounted, I5: over_limit }
    }
    await app.register(invariants, { intervalMs, count })
  },
  { name: 'product-invariants', dependencies: ['database'] },
)

import { invariants } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { invariantCount } from '../gen/queries.ts'

/** The invariants of `npm run invariants` that need only the tables of order. */
export const orderInvariants = fp(
  async (app: FastifyInstance, { intervalMs }: { intervalMs: number }) => {
    const count = async () => {
      const row = await invariantCount(app.db)
      return row ? { I3: row.lost, I4: row.shared + row.foreign_answers } : {}
    }
    await app.register(invariants, { intervalMs, count })
  },
  { name: 'order-invariants', dependencies: ['database'] },
)

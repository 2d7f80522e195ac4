import type { Settings } from '@flash-deal/config'
import { retention } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { reservationDeleteReleased } from '../gen/queries.ts'

/**
 * What product deletes past its age: reservations that were released. Confirmed ones are kept, for
 * their orders may still be cancelled.
 */
export const oldRows = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'product'> }) => {
    const age_ms = settings.RELEASED_RETENTION_MS
    const deletions = {
      released_reservations: (size: number) => reservationDeleteReleased(app.db, { age_ms, size }),
    }
    await app.register(retention, { settings, deletions })
  },
  { name: 'old-rows', dependencies: ['database'] },
)

import type { Settings } from '@flash-deal/config'
import { retention } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { inboxDeleteOld, reservationDeleteReleased } from '../gen/queries.ts'

/**
 * Deletes old released reservations. Confirmed reservations are kept, because their orders can still
 * be cancelled.
 */
export const oldRows = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'product'> }) => {
    const age_ms = settings.RELEASED_RETENTION_MS
    const deletions = {
      released_reservations: (size: number) => reservationDeleteReleased(app.db, { age_ms, size }),
      inbox: (size: number) => inboxDeleteOld(app.db, { age_ms, size }),
    }
    await app.register(retention, { settings, deletions })
  },
  { name: 'old-rows', dependencies: ['database'] },
)

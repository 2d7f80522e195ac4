import type { Settings } from '@flash-deal/config'
import { retention } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { familyDeleteEmpty, familyLock, tokenDeleteExpired } from '../gen/queries.ts'

/**
 * What auth deletes past its age: refresh tokens that have expired, and log-ins that have no other.
 * A token that was used is kept until then: its second use has to be recognised.
 */
export const oldRows = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'auth'> }) => {
    const age_ms = settings.REFRESH_TOKEN_RETENTION_MS
    const deletions = {
      refresh_tokens: (size: number) =>
        app.db.transaction(async (tx) => {
          const deleted = await tokenDeleteExpired(tx, { age_ms, size })
          const ids = [...new Set(deleted.map(({ family_id }) => family_id))]
          if (ids.length > 0) {
            await familyLock(tx, { ids })
            await familyDeleteEmpty(tx, { ids })
          }
          return deleted.length
        }),
    }
    await app.register(retention, { settings, deletions })
  },
  { name: 'old-rows', dependencies: ['database'] },
)

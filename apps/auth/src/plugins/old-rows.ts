import type { Settings } from '@flash-deal/config'
import { retention } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { familyDeleteEmpty, familyLock, tokenDeleteExpired } from '../gen/queries.ts'

/**
 * Deletes old expired refresh tokens, and log-ins without tokens. A used token is kept until then, so
 * that its second use is detected.
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

import type { Settings } from '@flash-deal/config'
import { retention } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { claimDeleteOld, orderDeleteVoid } from '../gen/queries.ts'

/** Deletes old claims with their responses, and old void ids. Orders are kept. */
export const oldRows = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'order'> }) => {
    const { CLAIM_RETENTION_MS: claimMs, VOID_RETENTION_MS: voidMs } = settings
    const deletions = {
      claims: (size: number) => claimDeleteOld(app.db, { age_ms: claimMs, size }),
      void_orders: (size: number) => orderDeleteVoid(app.db, { age_ms: voidMs, size }),
    }
    await app.register(retention, { settings, deletions })
  },
  { name: 'old-rows', dependencies: ['database'] },
)

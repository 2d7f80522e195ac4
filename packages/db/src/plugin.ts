import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Database, type DatabaseOptions, type Queries } from './database.ts'
import { Disk } from './disk.ts'
import type { Statement } from './queryable.ts'
import { poolsOf } from './scenarios/e5-connection-pool/plugin.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }

  interface FastifyRequest {
    /** The database, limited by the deadline of the request. */
    readonly db: Queries
  }
}

export type DatabasePluginOptions = Omit<DatabaseOptions, 'pools'> & {
  /** The variant of E5: the pools and their sizes. */
  variant: VariantOf<'E5'>
}

/** Decorates `app.db` and `request.db`, adds PostgreSQL to readiness, and closes the pools last. */
export const database = fp(
  async (app: FastifyInstance, { variant, ...options }: DatabasePluginOptions) => {
    const disk = new Disk()
    const onError = (error: unknown): void => disk.note(error)
    const db = new Database({ ...options, onError, pools: poolsOf(app, variant) })
    app.decorate('db', db)
    app.decorateRequest('db', {
      getter() {
        return db.by(this.deadline)
      },
    })
    app.addReadinessCheck('postgres', async () => {
      await db.ping()
      await disk.check(db)
    })
    app.addHook('onClose', () => db.close())
    if (options.pooler === 'transaction') app.addHook('onReady', () => warnIfUnbound(app))
  },
  { name: 'database', dependencies: ['health', 'metrics'] },
)

const bound: Statement = {
  name: 'statement_timeout',
  text: "select current_setting('statement_timeout') as value",
}

/** Does nothing if PostgreSQL is unavailable, which readiness reports. */
const warnIfUnbound = async ({ db, log }: FastifyInstance): Promise<void> => {
  const rows = await db.query<{ value: string }>(bound, []).catch(() => [])
  if (rows[0]?.value === '0')
    log.warn(
      'PostgreSQL has no statement timeout. Run npm run migrate with POOLER=transaction, then restart PgBouncer.',
    )
}

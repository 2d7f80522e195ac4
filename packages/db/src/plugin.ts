import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Database, type DatabaseOptions } from './database.ts'
import { Disk } from './disk.ts'
import { poolsOf } from './scenarios/e5-connection-pool/plugin.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }
}

export type DatabasePluginOptions = Omit<DatabaseOptions, 'pools'> & {
  /** Of E5: how many connections, and what for. */
  variant: VariantOf<'E5'>
}

/** Decorates `app.db`, names PostgreSQL in readiness, and closes the pools last. */
export const database = fp(
  async (app: FastifyInstance, { variant, ...options }: DatabasePluginOptions) => {
    const disk = new Disk()
    const onError = (error: unknown): void => disk.note(error)
    const db = new Database({ ...options, onError, pools: poolsOf(app, variant) })
    app.decorate('db', db)
    app.addReadinessCheck('postgres', async () => {
      await db.ping()
      await disk.check(db)
    })
    app.addHook('onClose', () => db.close())
  },
  { name: 'database', dependencies: ['health', 'metrics'] },
)

import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Database, type DatabaseOptions } from './database.ts'
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
    const db = new Database({ ...options, pools: poolsOf(app, variant) })
    app.decorate('db', db)
    app.addReadinessCheck('postgres', () => db.ping())
    app.addHook('onClose', () => db.close())
  },
  { name: 'database', dependencies: ['health', 'metrics'] },
)

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Database, type DatabaseOptions } from './database.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }
}

/** Decorates `app.db`, names PostgreSQL in readiness, and closes the pool last. */
export const database = fp(
  async (app: FastifyInstance, options: DatabaseOptions) => {
    const db = new Database(options)
    app.decorate('db', db)
    app.addReadinessCheck('postgres', () => db.ping())
    app.addHook('onClose', () => db.close())
  },
  { name: 'database', dependencies: ['health'] },
)

import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { DealPage, DealQuery } from '../../domain/deal-page.ts'
import { fromDatabase } from './baseline.ts'
import { inMemory } from './memory.ts'
import { inRedis } from './optimized.ts'

/** May be called again after the request, for a page that is read ahead. */
export type Serialize = (page: DealPage) => string

/** E3: where a page of the deal list comes from. It arrives as the bytes that a client gets. */
export type DealList = {
  /** @throws ApiError SERVICE_UNAVAILABLE where PostgreSQL is needed and does not answer */
  page(query: DealQuery, serialize: Serialize): Promise<string | Buffer>
  /** To be called when an owner has changed what the list shows. */
  invalidate(): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    dealList: DealList
  }
}

const variants = {
  baseline: fromDatabase,
  optimized: inRedis,
  memory: inMemory,
} satisfies Record<VariantOf<'E3'>, (app: FastifyInstance) => DealList>

export const dealListCache = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E3'> }) => {
    app.decorate('dealList', variants[variant](app))
  },
  { name: 'e3-deal-list-cache', dependencies: ['database', 'metrics'] },
)

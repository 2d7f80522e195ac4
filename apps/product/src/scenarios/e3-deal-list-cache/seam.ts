import type { DealPage, DealQuery } from '../../domain/deal-page.ts'

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

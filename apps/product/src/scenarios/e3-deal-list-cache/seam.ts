import type { DealPage, DealQuery } from '../../storage/deal-page.ts'

/** May be called again after the request, for a page that is read ahead. */
export type Serialize = (page: DealPage) => string

/** E3: the source of a page of the deal list, as the bytes of the response. */
export type DealList = {
  /** @throws ApiError SERVICE_UNAVAILABLE if PostgreSQL is needed and unavailable */
  page(query: DealQuery, serialize: Serialize): Promise<string | Buffer>
  /** Call it after an owner's change to the list. */
  invalidate(): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    dealList: DealList
  }
}

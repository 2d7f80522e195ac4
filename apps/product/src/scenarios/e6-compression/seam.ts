import type { Coding } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Bytes = string | Buffer

/** E6: the coding of cached pages (E2). */
export type CachedCodings = {
  /** The coding in which a page is looked up. */
  chosenFor(request: FastifyRequest): Coding
  /** The bytes to store, from the uncompressed bytes. */
  coded(bytes: Bytes, coding: Coding): Promise<Bytes>
  /** Sets the headers for the coding of a page and for what it depends on. */
  setHeaders(reply: FastifyReply, coding: Coding): void
}

declare module 'fastify' {
  interface FastifyInstance {
    cachedCodings: CachedCodings
  }
}

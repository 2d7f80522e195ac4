import type { Coding } from '@flash-deal/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Bytes = string | Buffer

/** E6: in which coding pages are kept, where pages are kept (E2). */
export type KeptCodings = {
  /** The one in which a page is looked for. */
  chosenFor(request: FastifyRequest): Coding
  /** What is to be kept, from the bytes as they are. */
  coded(bytes: Bytes, coding: Coding): Promise<Bytes>
  /** Tells the client in which coding a page is, and on what that depends. */
  setHeaders(reply: FastifyReply, coding: Coding): void
}

declare module 'fastify' {
  interface FastifyInstance {
    keptCodings: KeptCodings
  }
}

import type { VariantOf } from '@flash-deal/config'
import type { Coding } from '@flash-deal/service'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { optimized } from './optimized.ts'

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

/** Each answer is compressed at the gateway in the others, and here in none of them. */
const variants = {
  baseline,
  optimized,
  gzip: baseline,
  brotli: baseline,
  zstd: baseline,
} satisfies Record<VariantOf<'E6'>, (app: FastifyInstance) => KeptCodings>

export const compression = fp(
  async (app: FastifyInstance, { variant }: { variant: VariantOf<'E6'> }) => {
    app.decorate('keptCodings', variants[variant](app))
  },
  { name: 'e6-compression', dependencies: ['metrics'] },
)

import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import { type Coding, codingFor } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import type { Bytes, CachedCodings } from './seam.ts'

/** In order of preference: the smallest result for a page of common size first. */
const offered: readonly Coding[] = ['br', 'zstd', 'gzip']

/** Caches a page in each requested coding, compressed once for all clients. */
export const optimized = (app: FastifyInstance): CachedCodings => {
  const count = app.witness('E6', 'compressed')
  return {
    chosenFor: ({ headers }) => codingFor(headers['accept-encoding'], offered),

    async coded(bytes, coding) {
      if (coding === 'identity') return bytes
      count()
      return coders[coding](bytes)
    },

    setHeaders(reply, coding) {
      reply.header('vary', 'accept-encoding')
      if (coding !== 'identity') reply.header('content-encoding', coding)
    },
  }
}

const toBrotli = promisify(brotliCompress)
const toZstd = promisify(zstdCompress)
const toGzip = promisify(gzip)

/** Higher levels cost much more and save little; see README.md. */
const coders = {
  br: (bytes: Bytes) => toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (bytes: Bytes) => toZstd(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 6 } }),
  gzip: (bytes: Bytes) => toGzip(bytes, { level: 6 }),
} satisfies Record<Exclude<Coding, 'identity'>, (bytes: Bytes) => Promise<Buffer>>

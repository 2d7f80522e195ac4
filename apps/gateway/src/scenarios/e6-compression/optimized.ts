import { constants } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/**
 * What a service has kept compressed goes on as it is. Anything else is compressed as cheaply as can
 * be: that is by far the most of what there is to gain.
 */
export const optimized = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, {
    codings: ['br', 'zstd', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    // For gzip; Zstandard reads no level here, and what it takes of itself is as cheap.
    zlibOptions: { level: 1 },
  })

import { constants } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { compressResponses } from './compress-responses.ts'

/**
 * A response that a service has cached compressed is forwarded as it is. Any other response is
 * compressed at the lowest level, which already brings most of the gain.
 */
export const optimized = (app: FastifyInstance): Promise<void> =>
  compressResponses(app, {
    codings: ['br', 'zstd', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    // For gzip. Zstandard ignores the level here, and its default costs as little.
    zlibOptions: { level: 1 },
  })

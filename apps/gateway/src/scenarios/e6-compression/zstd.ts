import type { FastifyInstance } from 'fastify'
import { compressResponses } from './compress-responses.ts'

/** Zstandard for each response at level 3, the default of Node. */
export const zstd = (app: FastifyInstance): Promise<void> =>
  compressResponses(app, { codings: ['zstd'] })

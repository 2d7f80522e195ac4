import type { FastifyInstance } from 'fastify'
import { compressResponses } from './compress-responses.ts'

/** gzip for each response at level 6, the default of zlib. */
export const gzip = (app: FastifyInstance): Promise<void> =>
  compressResponses(app, { codings: ['gzip'] })

import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** gzip for each response at level 6, the default of zlib. */
export const gzip = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['gzip'] })

import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** gzip for each answer, at 6, the level that zlib takes of itself. */
export const gzip = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['gzip'] })

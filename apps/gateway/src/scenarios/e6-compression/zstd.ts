import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** Zstandard for each answer, at 3, the level that Node takes of itself. */
export const zstd = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['zstd'] })

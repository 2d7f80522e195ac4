import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** Zstandard for each response at level 3, the default of Node. */
export const zstd = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['zstd'] })

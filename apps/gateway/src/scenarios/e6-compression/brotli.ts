import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** Brotli for each response at quality 4, the default of @fastify/compress. */
export const brotli = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['br'] })

import type { FastifyInstance } from 'fastify'
import { compressAnswers } from './compress-answers.ts'

/** Brotli for each answer, at 4, the quality that @fastify/compress takes of itself. */
export const brotli = (app: FastifyInstance): Promise<void> =>
  compressAnswers(app, { codings: ['br'] })

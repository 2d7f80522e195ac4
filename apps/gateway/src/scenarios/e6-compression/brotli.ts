import type { FastifyInstance } from 'fastify'
import { compressResponses } from './compress-responses.ts'

/** Brotli for each response at quality 4, the default of @fastify/compress. */
export const brotli = (app: FastifyInstance): Promise<void> =>
  compressResponses(app, { codings: ['br'] })

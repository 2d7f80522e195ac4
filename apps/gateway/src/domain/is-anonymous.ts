import type { FastifyRequest } from 'fastify'

/**
 * Whether a request has no credentials. Only the responses to such requests are the same for all
 * clients: they may be compressed (E6) and cached (M9).
 */
export const isAnonymous = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.authorization === undefined && headers.cookie === undefined

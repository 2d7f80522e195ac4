import type { Coding } from '@flash-deal/service'

declare module 'fastify' {
  interface FastifyRequest {
    /** The coding requested from a service, which may have it cached. */
    coding: Coding
  }
}

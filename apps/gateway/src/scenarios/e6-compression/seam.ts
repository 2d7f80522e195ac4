import type { Coding } from '@flash-deal/service'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a service is asked for, which may have kept it so. */
    coding: Coding
  }
}

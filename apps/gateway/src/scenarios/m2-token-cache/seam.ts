import type { Settings } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import type { TokenCheck, TokenVerifier } from '../m6-local-verify/seam.ts'

export type TokenCacheOptions = {
  app: FastifyInstance
  settings: Settings<'gateway'>
  verifier: TokenVerifier
}

declare module 'fastify' {
  interface FastifyInstance {
    userOfToken: TokenCheck
  }
}

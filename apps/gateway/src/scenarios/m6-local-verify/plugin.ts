import type { VariantOf } from '@flash-deal/config'
import type { CallContext } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { askAuth } from './baseline.ts'

/**
 * M6: who finds out whose token it is. Takes the Authorization header as it came.
 * @throws ApiError UNAUTHORIZED, INVALID_TOKEN, or SERVICE_UNAVAILABLE where it cannot be found out
 */
export type TokenCheck = (authorization: string | undefined, call: CallContext) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    userOfToken: TokenCheck
  }
}

export type LocalVerifyOptions = { variant: VariantOf<'M6'> }

export const localVerify = fp(
  async (app: FastifyInstance, _options: LocalVerifyOptions) => {
    app.decorate('userOfToken', askAuth(app))
  },
  { name: 'm6-local-verify', dependencies: ['services', 'metrics'] },
)

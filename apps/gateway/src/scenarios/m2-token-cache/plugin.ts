import { ConfigError, type Settings, type VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { LocalVerifier, TokenCheck, TokenVerifier } from '../m6-local-verify/plugin.ts'
import { baseline } from './baseline.ts'
import { inMemory } from './optimized.ts'
import { inRedis } from './redis.ts'

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

/** @throws ConfigError where auth verifies: nobody here knows how long its answers hold */
export const localOf = ({ verifier: { local } }: TokenCacheOptions): LocalVerifier => {
  if (local) return local
  throw new ConfigError(['Scenario M2 has no effect without M6. Set SCENARIO_M6=optimized too.'])
}

const variants = { baseline, optimized: inMemory, redis: inRedis } satisfies Record<
  VariantOf<'M2'>,
  (options: TokenCacheOptions) => TokenCheck
>

type Options = { variant: VariantOf<'M2'>; settings: Settings<'gateway'> }

/** M2: whether the gateway remembers that it has verified a token. */
export const tokenCache = fp(
  async (app: FastifyInstance, { variant, settings }: Options) => {
    const options = { app, settings, verifier: app.tokenVerifier }
    app.decorate('userOfToken', variants[variant](options))
  },
  { name: 'm2-token-cache', dependencies: ['m6-local-verify', 'metrics'] },
)

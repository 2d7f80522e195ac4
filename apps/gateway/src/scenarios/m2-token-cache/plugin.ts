import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { TokenCheck } from '../m6-local-verify/seam.ts'
import { baseline } from './baseline.ts'
import { inMemory } from './optimized.ts'
import { inRedis } from './redis.ts'
import type { TokenCacheOptions } from './seam.ts'

const variants = { baseline, optimized: inMemory, redis: inRedis } satisfies Record<
  VariantOf<'M2'>,
  (options: TokenCacheOptions) => TokenCheck
>

type Options = { variant: VariantOf<'M2'>; settings: Settings<'gateway'> }

/** M2: a cache of verified tokens at the gateway. */
export const tokenCache = fp(
  async (app: FastifyInstance, { variant, settings }: Options) => {
    const options = { app, settings, verifier: app.tokenVerifier }
    app.decorate('userOfToken', variants[variant](options))
  },
  { name: 'm2-token-cache', dependencies: ['m6-local-verify', 'metrics'] },
)

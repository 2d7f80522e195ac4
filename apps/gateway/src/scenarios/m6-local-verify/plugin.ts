import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { askAuth } from './baseline.ts'
import { verifyHere } from './optimized.ts'
import type { TokenVerifier } from './seam.ts'

export type LocalVerifyOptions = { variant: VariantOf<'M6'>; settings: Settings<'gateway'> }

const variants = {
  baseline: askAuth,
  optimized: verifyHere,
} satisfies Record<
  VariantOf<'M6'>,
  (app: FastifyInstance, settings: Settings<'gateway'>) => Promise<TokenVerifier>
>

export const localVerify = fp(
  async (app: FastifyInstance, { variant, settings }: LocalVerifyOptions) => {
    app.decorate('tokenVerifier', await variants[variant](app, settings))
  },
  { name: 'm6-local-verify', dependencies: ['services', 'route-pools', 'metrics'] },
)

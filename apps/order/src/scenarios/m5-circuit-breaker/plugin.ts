import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { baseline } from './baseline.ts'
import { optimized } from './optimized.ts'
import type { GuardOptions, ProductGuard } from './seam.ts'

const variants = { baseline, optimized } satisfies Record<
  VariantOf<'M5'>,
  (options: GuardOptions) => ProductGuard
>

type Options = { variant: VariantOf<'M5'>; settings: Settings<'order'> }

/** M5: whether order stops calling product while it fails. */
export const circuitBreaker = fp(
  async (app: FastifyInstance, { variant, settings }: Options) => {
    app.decorate('guardProductClient', variants[variant]({ app, settings }))
  },
  { name: 'm5-circuit-breaker', dependencies: ['metrics'] },
)

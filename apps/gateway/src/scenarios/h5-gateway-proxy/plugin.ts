import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { identify } from '../../plugins/identify.ts'
import { proxyRoutes } from './baseline.ts'
import { proxiedElsewhere } from './envoy.ts'
import { dispatchRoutes } from './optimized.ts'
import type { ProxyRoutes } from './seam.ts'
import { streamRoutes } from './streams.ts'

const variants = {
  baseline: [proxyRoutes, streamRoutes],
  optimized: [dispatchRoutes, streamRoutes],
  envoy: [proxiedElsewhere],
  kong: [proxiedElsewhere],
} satisfies Record<VariantOf<'H5'>, ProxyRoutes[]>

export type GatewayProxyOptions = { variant: VariantOf<'H5'>; settings: Settings<'gateway'> }

/** H5: the forwarding of requests to their services. */
export const gatewayProxy = fp(
  async (app: FastifyInstance, { variant, settings }: GatewayProxyOptions) => {
    for (const routes of variants[variant]) await app.register(routes, { settings, identify })
  },
  {
    name: 'h5-gateway-proxy',
    dependencies: ['deadline', 'identity', 'services', 'route-pools', 'm2-token-cache'],
  },
)

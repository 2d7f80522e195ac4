import type { Settings, VariantOf } from '@flash-deal/config'
import { Deadline } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { identify } from '../../plugins/identify.ts'
import { proxyRoutes } from './baseline.ts'
import { proxiedElsewhere } from './envoy.ts'
import { dispatchRoutes } from './optimized.ts'

const variants = {
  baseline: proxyRoutes,
  optimized: dispatchRoutes,
  envoy: proxiedElsewhere,
  kong: proxiedElsewhere,
} satisfies Record<VariantOf<'H5'>, typeof proxyRoutes>

export type GatewayProxyOptions = { variant: VariantOf<'H5'>; settings: Settings<'gateway'> }

/** H5: how a request of the allow-list reaches its service. */
export const gatewayProxy = fp(
  async (app: FastifyInstance, { variant, settings }: GatewayProxyOptions) => {
    app.decorateRequest('userId', '')
    // Set for every request by the hook below, before anything can read it.
    app.decorateRequest('deadline', null as unknown as Deadline)
    app.addHook('onRequest', async (request) => {
      request.deadline = Deadline.in(settings.DEADLINE_MS)
    })
    await app.register(variants[variant], { settings, identify })
  },
  { name: 'h5-gateway-proxy', dependencies: ['services', 'route-pools', 'm2-token-cache'] },
)

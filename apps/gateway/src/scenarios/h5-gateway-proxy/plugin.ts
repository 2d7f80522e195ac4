import type { Settings, VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { identify } from '../../plugins/identify.ts'
import { proxyRoutes } from './baseline.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** On this process's monotonic clock, in milliseconds: the deadline counts from here. */
    startedAt: number
  }
}

export type GatewayProxyOptions = { variant: VariantOf<'H5'>; settings: Settings<'gateway'> }

/** H5: how a request of the allow-list reaches its service. */
export const gatewayProxy = fp(
  async (app: FastifyInstance, { settings }: GatewayProxyOptions) => {
    app.decorateRequest('userId', '')
    app.decorateRequest('startedAt', 0)
    app.addHook('onRequest', async (request) => {
      request.startedAt = performance.now()
    })
    await app.register(proxyRoutes, { settings, identify })
  },
  { name: 'h5-gateway-proxy', dependencies: ['services', 'm6-local-verify'] },
)

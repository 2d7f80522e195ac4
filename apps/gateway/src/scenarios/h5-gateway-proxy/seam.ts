import type { Settings } from '@flash-deal/config'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'

export type ProxyOptions = {
  settings: Settings<'gateway'>
  /** For the operations that need a token. */
  identify: onRequestHookHandler
}

/** H5: registers a route for each operation that the gateway forwards. */
export type ProxyRoutes = (app: FastifyInstance, options: ProxyOptions) => Promise<void>

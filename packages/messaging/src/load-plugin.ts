import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { MessagingOptions } from './plugin.ts'

/** Loads `plugin.ts` only if Kafka is configured, because the client is large. */
export const messaging = fp(
  async (app: FastifyInstance, options: MessagingOptions) => {
    if (options.brokers.length === 0 && !options.isNeeded) {
      app.decorate('messaging', undefined)
      return
    }
    const { messaging } = await import('./plugin.ts')
    await app.register(messaging, options)
  },
  { name: 'messaging', dependencies: ['metrics'] },
)

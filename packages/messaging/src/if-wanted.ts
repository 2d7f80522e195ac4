import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { MessagingOptions } from './plugin.ts'

/** `plugin.ts` where there is Kafka. A service without it does not load the client, which is large. */
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

import type { Settings } from '@flash-deal/config'
import { documents, type OrderOperations } from '@flash-deal/contracts'
import { Upstream } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    orderClient: Upstream<OrderOperations>
  }
}

/** The client of the order service, which knows the outcome of a reservation. */
export const orderClient = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'product'> }) => {
    const client = new Upstream<OrderOperations>({
      name: 'order',
      urls: settings.ORDER_URLS,
      internalKey: settings.INTERNAL_KEY,
      document: documents.order,
    })
    app.decorate('orderClient', client)
    app.addHook('onClose', () => client.close())
  },
  { name: 'order-client' },
)

import { documents, type ProductOperations } from '@flash-deal/contracts'
import { type CallContext, Upstream } from '@flash-deal/service'
import type { ProductCalls, ProductTransportOptions } from './seam.ts'

/**
 * HTTP/1.1 with JSON.
 * @param keepAlive false for a new connection for each call
 */
export const httpCalls = (
  { settings }: ProductTransportOptions,
  { keepAlive }: { keepAlive: boolean },
): ProductCalls => {
  const upstream = new Upstream<ProductOperations>({
    name: 'product',
    urls: settings.PRODUCT_URLS,
    internalKey: settings.INTERNAL_KEY,
    document: documents.product,
    keepAlive,
  })
  return {
    async createReservations(reservations, context) {
      const body = { reservations: [...reservations] }
      return (await upstream.call('createReservations', { ...carried(context), body })).results
    },

    async release(order_id, context) {
      const call = { ...carried(context), path: { order_id }, body: undefined }
      await upstream.call('releaseReservation', call)
    },

    async confirm(order_ids, context) {
      await upstream.call('confirmReservations', { ...carried(context), body: { order_ids } })
    },

    ping: () => upstream.ping(),
    close: () => upstream.close(),
  }
}

/** The fields of an attempt that a call carries. */
const carried = ({ deadline, trace, stopping }: CallContext): CallContext => ({
  deadline,
  trace,
  ...(stopping && { stopping }),
})

import { randomUUID } from 'node:crypto'
import { createClient } from '@flash-deal/local/api-client'
import type { Stack } from '@flash-deal/local/stack'
import { createOffer } from '../offer.ts'
import { createUsers } from '../users.ts'
import { openLoad } from './http-load.ts'
import { count, emptySecond, type Orders } from './phases.ts'

/** Where the orders of an overload go: through the gateway as those of clients do, or directly to order. */

export const targets = ['gateway', 'order'] as const
export type Target = (typeof targets)[number]

export type Sending = Orders & {
  /** Opens all connections. */
  connect(): Promise<void>
  close(): void
}

/** Orders of one deal, which has enough units for all of them. */
export const ordersTo = async (stack: Stack, target: Target): Promise<Sending> => {
  const api = createClient(stack.url)
  const users = await createUsers(api, stack)
  const extent = { requests: 0, lengthMs: 0 }
  const { lines } = await createOffer(api, users, ampleSale, extent)
  const headersOf = {
    gateway: (number: number) => `authorization: Bearer ${users.buyer(number % tokens)}\r\n`,
    order: () => `x-internal-key: ${stack.internalKey}\r\nx-user-id: ${randomUUID()}\r\n`,
  }
  return sendingTo(stack.addresses[target], lines.deal, headersOf[target])
}

/** Orders of the same size to a server that rejects all of them. */
export const ordersToSink = (address: string): Sending =>
  sendingTo(address, { product_id: randomUUID(), deal_id: randomUUID() }, () => '')

const units = 1_000_000_000
const ampleSale = { units: () => ({ deal: units, product: 1 }), limit: () => units }

/** The number of buyers that send orders through the gateway: signing a token takes time. */
const tokens = 1_000
/** Below the limit of connections per address, of the gateway and of a service. */
const connections = 900
/**
 * More than the gateway lets wait for order come from three addresses; only Linux has them without
 * configuration.
 */
const from = process.platform === 'linux' ? ['127.0.0.2', '127.0.0.3', '127.0.0.4'] : ['127.0.0.1']

const sendingTo = (
  address: string,
  item: object,
  headersOf: (number: number) => string,
): Sending => {
  const { hostname: host, port } = new URL(address)
  const body = JSON.stringify({ items: [{ ...item, quantity: 1 }] })
  let number = 0
  const orders: Sending = {
    second: emptySecond(),
    retries: 0,
    connect: () => load.connect(),
    send: () => load.send({ body, headers: headersOf(number++), retries: orders.retries }),
    inFlight: () => load.inFlight(),
    close: () => load.close(),
  }
  const load = openLoad(
    { host, port: Number(port), path: '/orders', from, connections },
    {
      onResponse: (status) => count(orders.second, status),
      onRetry: () => {
        orders.second.retried += 1
      },
    },
  )
  return orders
}

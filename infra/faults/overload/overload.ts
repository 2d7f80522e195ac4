import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { openLoad } from './http-load.ts'
import { closedLoop, count, emptySecond, type Orders, openLoop, type Second } from './phases.ts'

export type OverloadOptions = {
  /** Variant of M1. */
  variant: string
  /** Duration of the overload in seconds. */
  seconds: number
  /** Offered orders as a multiple of the system's throughput. */
  times: number
  /** Duration of the throughput measurement in seconds; the first third is warm-up. */
  calibrateSeconds: number
  /** Duration of the load at half of the throughput after it, in seconds. */
  recoverySeconds: number
}

export type Overload = {
  /** Throughput in orders per second. */
  peak: number
  /** During the overload, second by second. */
  during: Second[]
  /** After the overload, at half of the throughput, second by second. */
  after: Second[]
  broken: string[]
}

const clients = 64
/** Below a service's limit of connections per address. */
const connections = 900

/** Starts a system, offers more orders of one deal than it can process, and ends the system. */
export const overload = async (options: OverloadOptions): Promise<Overload> => {
  const settings = { LOG_LEVEL: 'fatal', ...purchaseSettings(options.variant) }
  const stack = await startStack({ settings })
  try {
    return await run(stack, options)
  } finally {
    await stack.end()
  }
}

const run = async (
  stack: Stack,
  { seconds, times, calibrateSeconds, recoverySeconds }: OverloadOptions,
): Promise<Overload> => {
  const { orders, close } = await ordersOn(stack)
  try {
    const calm = await closedLoop(orders, clients, calibrateSeconds)
    const peak = mean(calm.slice(Math.floor(calibrateSeconds / 3)).map(({ ordered }) => ordered))
    await drained(orders)
    const during = await openLoop(orders, peak * times, seconds)
    const after = await openLoop(orders, peak / 2, recoverySeconds)
    await drained(orders)
    return { peak, during, after, broken: await brokenIn(stack) }
  } finally {
    close()
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length)

/** Waits until no request is in flight, for at most 10 s, which is longer than a request's deadline. */
const drained = async (orders: Orders): Promise<void> => {
  const end = performance.now() + 10_000
  while (orders.inFlight() > 0 && performance.now() < end) await sleep(20)
}

const brokenIn = ({ databases }: Stack): Promise<string[]> =>
  brokenInvariants({ ...databases, atRest: false })

/** Each order has another buyer and goes directly to order, without the gateway. */
const ordersOn = async (stack: Stack): Promise<{ orders: Orders; close: () => void }> => {
  const item = JSON.stringify({ items: [{ ...(await createDeal(stack)), quantity: 1 }] })
  const { hostname: host, port } = new URL(stack.addresses.order)
  const orders: Orders = {
    second: emptySecond(),
    send: () => load.send(item, headersOf(stack.internalKey)),
    inFlight: () => load.inFlight(),
  }
  const load = openLoad({ host, port: Number(port), path: '/orders', connections }, (status) =>
    count(orders.second, status),
  )
  return { orders, close: load.close }
}

const headersOf = (key: string): string =>
  `x-internal-key: ${key}\r\nx-user-id: ${randomUUID()}\r\n`

const units = 1_000_000_000

const createDeal = async ({ addresses, internalKey }: Stack) => {
  const headers = {
    'content-type': 'application/json',
    'x-internal-key': internalKey,
    'x-user-id': randomUUID(),
  }
  const create = async (path: string, body: object): Promise<string> => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(`${addresses.product}${path}`, init)
    const { id } = (await response.json()) as { id?: string }
    if (id === undefined) throw new Error(`${path} responded with ${response.status}`)
    return id
  }
  const product_id = await create('/products', { name: 'Hot', price: 1_000, stock: units })
  const [starts_at, ends_at] = [-1, 1].map((hours) =>
    new Date(Date.now() + hours * 3_600_000).toISOString(),
  )
  const deal = { product_id, deal_price: 500, deal_stock: units, starts_at, ends_at }
  return { product_id, deal_id: await create('/products/deals', deal) }
}

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { type Costs, costsOf, cpuSecondsOf } from './costs.ts'
import { openLoad } from './http-load.ts'
import { closedLoop, count, emptySecond, type Orders, openLoop, type Second } from './phases.ts'
import { startSink } from './sink.ts'

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
  /** Throughput in orders per second, without any other load. */
  peak: number
  /**
   * Throughput in orders per second while a process that does nothing else rejects as many requests
   * as order must reject during the overload. The generator and that process share the processors
   * with the system.
   */
  beside: number
  /** CPU time of the generator during the overload, in cores. */
  generatorCores: number
  /** CPU time of order per request. */
  costs: Costs
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
  const orders = await ordersOn(stack)
  try {
    const timed = timedOn(stack)
    const calm = await timed(() => closedLoop(orders, clients, calibrateSeconds))
    await drained(orders)
    const peak = throughputOf(calm.seconds)
    const beside = await besideRejections(stack, orders, peak * (times - 1), calibrateSeconds)
    await orders.connect()
    const during = await timed(() => openLoop(orders, peak * times, seconds))
    const after = await openLoop(orders, peak / 2, recoverySeconds)
    await drained(orders)
    return {
      ...{ peak, beside, after, during: during.seconds },
      generatorCores: during.generatorSeconds / seconds,
      costs: costsOf(calm, during),
      broken: await brokenIn(stack),
    }
  } finally {
    orders.close()
  }
}

/** Measures the CPU time of order and of this process in a phase. */
const timedOn =
  ({ addresses }: Stack) =>
  async (phase: () => Promise<Second[]>) => {
    const [before, own] = [await cpuSecondsOf(addresses.order), process.cpuUsage()]
    const seconds = await phase()
    const { user, system } = process.cpuUsage(own)
    const cpuSeconds = (await cpuSecondsOf(addresses.order)) - before
    return { seconds, cpuSeconds, generatorSeconds: (user + system) / 1e6 }
  }

/** Orders per second; the first third is warm-up. */
const throughputOf = (calm: readonly Second[]): number =>
  mean(calm.slice(Math.floor(calm.length / 3)).map(({ ordered }) => ordered))

/** The throughput while another process rejects this number of requests per second. */
const besideRejections = async (
  { addresses, internalKey }: Stack,
  orders: Orders,
  rate: number,
  seconds: number,
): Promise<number> => {
  const { hostname: host } = new URL(addresses.order)
  const sink = await startSink(host)
  const rejected = ordersTo({ host, port: sink.port }, rejectedItem, internalKey)
  try {
    await rejected.connect()
    const [calm] = await Promise.all([
      closedLoop(orders, clients, seconds),
      openLoop(rejected, rate, seconds),
    ])
    await drained(orders)
    return throughputOf(calm)
  } finally {
    rejected.close()
    await sink.close()
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

type Sending = Orders & { connect(): Promise<void>; close(): void }

/** Goes directly to order, without the gateway. */
const ordersOn = async (stack: Stack): Promise<Sending> => {
  const { hostname: host, port } = new URL(stack.addresses.order)
  return ordersTo({ host, port: Number(port) }, await createDeal(stack), stack.internalKey)
}

/** Each order has a different buyer. */
const ordersTo = (to: { host: string; port: number }, item: object, key: string): Sending => {
  const body = JSON.stringify({ items: [{ ...item, quantity: 1 }] })
  const orders: Sending = {
    second: emptySecond(),
    connect: () => load.connect(),
    send: () => load.send(body, headersOf(key)),
    inFlight: () => load.inFlight(),
    close: () => load.close(),
  }
  const load = openLoad({ ...to, path: '/orders', connections }, (status) =>
    count(orders.second, status),
  )
  return orders
}

/** An order of the same size. */
const rejectedItem = { product_id: randomUUID(), deal_id: randomUUID() }

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

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { openLoad } from './http-load.ts'
import { closedLoop, count, emptySecond, type Orders, openLoop, type Second } from './phases.ts'

export type OverloadOptions = {
  /** Of M1. */
  variant: string
  /** How long the overload lasts, in seconds. */
  seconds: number
  /** Orders offered, in multiples of what the system can do. */
  times: number
  /** How long to look for what it can do, in seconds; the first part is not counted. */
  calibrateSeconds: number
}

export type Overload = {
  /** Orders a second that the system can do. */
  peak: number
  /** During the overload, second by second. */
  during: Second[]
  /** Afterwards, at half of what it can do: up to ten seconds. */
  after: Second[]
  broken: string[]
}

const clients = 64
/** Below what a service takes from one address. */
const connections = 900
const recoverySeconds = 10

/** A system of its own is offered more orders on one deal than it can take; it is ended after that. */
export const overload = async (options: OverloadOptions): Promise<Overload> => {
  const settings = { LOG_LEVEL: 'fatal', ...purchaseSettings(options.variant) }
  const stack = await startStack({ settings })
  try {
    return await play(stack, options)
  } finally {
    await stack.end()
  }
}

const play = async (
  stack: Stack,
  { seconds, times, calibrateSeconds }: OverloadOptions,
): Promise<Overload> => {
  const { orders, close } = await ordersOn(stack)
  try {
    const calm = await closedLoop(orders, clients, calibrateSeconds)
    const peak = mean(calm.slice(Math.floor(calibrateSeconds / 3)).map(({ ordered }) => ordered))
    await answered(orders)
    const during = await openLoop(orders, peak * times, seconds)
    const after = await openLoop(orders, peak / 2, recoverySeconds)
    await answered(orders)
    return { peak, during, after, broken: await brokenIn(stack) }
  } finally {
    close()
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length)

/** Nothing is under way any more; what is longer than the deadline of a request is not waited for. */
const answered = async (orders: Orders): Promise<void> => {
  const end = performance.now() + 10_000
  while (orders.underWay() > 0 && performance.now() < end) await sleep(20)
}

const brokenIn = ({ databases }: Stack): Promise<string[]> =>
  brokenInvariants({ ...databases, atRest: false })

/** Each by another buyer, to order itself: what stands before it is no part of this. */
const ordersOn = async (stack: Stack): Promise<{ orders: Orders; close: () => void }> => {
  const item = JSON.stringify({ items: [{ ...(await offer(stack)), quantity: 1 }] })
  const { hostname: host, port } = new URL(stack.addresses.order)
  const orders: Orders = {
    second: emptySecond(),
    send: () => load.send(item, headersOf(stack.internalKey)),
    underWay: () => load.underWay(),
  }
  const load = openLoad({ host, port: Number(port), path: '/orders', connections }, (status) =>
    count(orders.second, status),
  )
  return { orders, close: load.close }
}

const headersOf = (key: string): string =>
  `x-internal-key: ${key}\r\nx-user-id: ${randomUUID()}\r\n`

const units = 1_000_000_000

const offer = async ({ addresses, internalKey }: Stack) => {
  const headers = {
    'content-type': 'application/json',
    'x-internal-key': internalKey,
    'x-user-id': randomUUID(),
  }
  const create = async (path: string, body: object): Promise<string> => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const answer = await fetch(`${addresses.product}${path}`, init)
    const { id } = (await answer.json()) as { id?: string }
    if (id === undefined) throw new Error(`${path} answered ${answer.status}`)
    return id
  }
  const product_id = await create('/products', { name: 'Hot', price: 1_000, stock: units })
  const [starts_at, ends_at] = [-1, 1].map((hours) =>
    new Date(Date.now() + hours * 3_600_000).toISOString(),
  )
  const deal = { product_id, deal_price: 500, deal_stock: units, starts_at, ends_at }
  return { product_id, deal_id: await create('/products/deals', deal) }
}

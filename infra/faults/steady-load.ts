import { setTimeout as sleep } from 'node:timers/promises'
import type { Buying } from './burst.ts'
import type { Operation } from './clients.ts'
import { buyersCount } from './default-sale.ts'
import { orderRequest } from './offer.ts'

/**
 * Orders at a constant arrival rate in addition to the burst (an open loop), for a product that
 * does not sell out. The share that succeeds is the goodput at that time.
 */

export type SteadyLoad = {
  /** The requests so far, each with its first reply. */
  requests: readonly SteadyRequest[]
  /** Stops sending, and waits for the outstanding replies. */
  stop(): Promise<Operation[]>
}

export type SteadyRequest = TimedRequest & { operation?: Operation }

/** Times in milliseconds, by `performance.now()`. */
export type TimedRequest = {
  sentAt: number
  answeredAt?: number
  operation?: Pick<Operation, 'outcome'>
}

const intervalMs = 50

export const startSteadyLoad = ({ clients, users, offer }: Buying, name: string): SteadyLoad => {
  const requests: SteadyRequest[] = []
  const inFlight = new Set<Promise<void>>()
  const send = async (): Promise<void> => {
    const request: SteadyRequest = { sentAt: performance.now() }
    const number = requests.push(request)
    const purchase = {
      key: `${name}-steady-${number}`,
      buyer: number % buyersCount,
      kinds: ['product'],
      quantity: 1,
      resends: false,
    } as const
    request.operation = await clients.send(orderRequest(users, offer, purchase))
    request.answeredAt = performance.now()
  }
  const timer = setInterval(() => {
    const sending = send().finally(() => inFlight.delete(sending))
    inFlight.add(sending)
  }, intervalMs)
  const stop = async (): Promise<Operation[]> => {
    clearInterval(timer)
    await Promise.all(inFlight)
    return requests.flatMap(({ operation }) => operation ?? [])
  }
  return { requests, stop }
}

/** Requests in half a second. */
const window = 10
const normalShare = 0.9

/**
 * The time at which the service was back to normal: of the requests sent within half a second after
 * recovery, 90 % had received their order. Before the fault all of them succeed, so this is 90 % of
 * the goodput before the fault. Undefined if that is not reached yet.
 */
export const backToNormalAt = (
  requests: readonly TimedRequest[],
  recoveredAt: number,
): number | undefined => {
  const required = Math.ceil(normalShare * window)
  const after = requests.filter(({ sentAt }) => sentAt >= recoveredAt)
  const windows = after.slice(window - 1).map((_, first) => after.slice(first, first + window))
  const moments = windows.flatMap((each) => ordersAmong(each)[required - 1] ?? [])
  return moments.length > 0 ? Math.min(...moments) : undefined
}

/** The times at which orders were received, in ascending order. */
const ordersAmong = (requests: readonly TimedRequest[]): number[] =>
  requests
    .filter(({ operation }) => operation?.outcome === 'ok')
    .map(({ answeredAt = Infinity }) => answeredAt)
    .toSorted((one, other) => one - other)

export type Served = { sent: number; served: number }

/** Requests sent in the interval, and how many of them received their order. */
export const servedBetween = (
  requests: readonly TimedRequest[],
  from: number,
  to: number,
): Served => {
  const sent = requests.filter(({ sentAt }) => sentAt >= from && sentAt < to)
  const served = sent.filter(({ operation }) => operation?.outcome === 'ok')
  return { sent: sent.length, served: served.length }
}

/** One sentence if half of the requests or fewer were served. */
export const poorlyServed = ({ sent, served }: Served): string[] =>
  served * 2 > sent
    ? []
    : [`During the fault ${served} of ${sent} requests of the steady load were served`]

const normalWithinMs = 15_000

/** Waits until the service is back to normal; undefined after 15 s. */
export const waitForNormal = async (
  { requests }: SteadyLoad,
  recoveredAt: number,
): Promise<number | undefined> => {
  const deadline = performance.now() + normalWithinMs
  while (performance.now() < deadline) {
    const at = backToNormalAt(requests, recoveredAt)
    if (at !== undefined) return at
    await sleep(intervalMs * 5)
  }
  return undefined
}

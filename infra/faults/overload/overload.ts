import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '@flash-deal/config'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { purchaseSettings } from '@flash-deal/testing/purchase-flags'
import { tokenSettings } from '../users.ts'
import { average, type Costs, costsOf, cpuSecondsOf } from './costs.ts'
import { closedLoop, type Orders, openLoop, type Second } from './phases.ts'
import { startSink } from './sink.ts'
import { ordersTo, ordersToSink, type Sending, type Target } from './target.ts'

export type OverloadOptions = {
  /** Where the orders are sent. */
  target: Target
  /** Variant of M1. */
  variant: string
  /** Further scenarios, as in SCENARIOS. */
  scenarios: string
  /** Further settings of the system. */
  settings?: Environment
  /** Duration of the overload in seconds; that of the overload with retries is the same. */
  seconds: number
  /** Offered orders as a multiple of the system's throughput. */
  times: number
  /** How many times a rejected order is sent again at once, in the overload with retries; 0 for none. */
  retries: number
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
   * as the target must reject during the overload. The generator and that process share the
   * processors with the system.
   */
  beside: number
  /** CPU time of the generator during the overload, in cores. */
  generatorCores: number
  /** CPU time of the target per request. */
  costs: Costs
  /** During the overload, second by second. */
  during: Second[]
  /** The overload with retries, if there was one. */
  storm?: Storm
  /** After the overload, at half of the throughput, second by second. */
  after: Second[]
  broken: string[]
}

export type Storm = {
  seconds: Second[]
  /** CPU time of order, divided by that without retries. */
  costRatio: number
}

const clients = 64

/** Starts a system, offers more orders of one deal than it can process, and ends the system. */
export const overload = async (options: OverloadOptions): Promise<Overload> => {
  const scenarios = { SCENARIOS: options.scenarios, ...purchaseSettings(options.variant) }
  const settings = { LOG_LEVEL: 'fatal', ...tokenSettings(), ...scenarios, ...options.settings }
  const stack = await startStack({ settings })
  try {
    return await run(stack, options)
  } finally {
    await stack.end()
  }
}

const run = async (stack: Stack, options: OverloadOptions): Promise<Overload> => {
  const { target, seconds, times, retries, calibrateSeconds, recoverySeconds } = options
  const orders = await ordersTo(stack, target)
  try {
    const timed = timedOn(stack, target)
    const calm = await timed(() => closedLoop(orders, clients, calibrateSeconds))
    await drained(orders)
    const peak = throughputOf(calm.seconds)
    const beside = await besideRejections(orders, peak * (times - 1), calibrateSeconds)
    await orders.connect()
    const flood = (): Promise<Second[]> => openLoop(orders, peak * times, seconds)
    const during = await timed(flood)
    await drained(orders)
    const storm = retries > 0 && (await timed(() => withRetries(orders, retries, flood)))
    await drained(orders)
    const after = await openLoop(orders, peak / 2, recoverySeconds)
    await drained(orders)
    return {
      ...{ peak, beside, after, during: during.seconds },
      ...(storm && { storm: stormIn(storm, during) }),
      generatorCores: during.generatorSeconds / seconds,
      costs: costsOf(calm, during),
      broken: await brokenIn(stack),
    }
  } finally {
    orders.close()
  }
}

const withRetries = async (
  orders: Orders,
  retries: number,
  phase: () => Promise<Second[]>,
): Promise<Second[]> => {
  orders.retries = retries
  try {
    return await phase()
  } finally {
    orders.retries = 0
  }
}

type Timed = { seconds: Second[]; cpuSeconds: number; orderSeconds: number }

const stormIn = ({ seconds, orderSeconds }: Timed, during: Timed): Storm => ({
  seconds,
  costRatio: orderSeconds / during.orderSeconds,
})

/** Measures the CPU time of the target, of order and of this process in a phase. */
const timedOn =
  ({ addresses }: Stack, target: Target) =>
  async (phase: () => Promise<Second[]>) => {
    const cpuSeconds = () =>
      Promise.all([cpuSecondsOf(addresses[target]), cpuSecondsOf(addresses.order)])
    const [before, own] = [await cpuSeconds(), process.cpuUsage()]
    const seconds = await phase()
    const { user, system } = process.cpuUsage(own)
    const [ofTarget, ofOrder] = await cpuSeconds()
    return {
      seconds,
      cpuSeconds: ofTarget - before[0],
      orderSeconds: ofOrder - before[1],
      generatorSeconds: (user + system) / 1e6,
    }
  }

/** Orders per second; the first third is warm-up. */
const throughputOf = (calm: readonly Second[]): number =>
  average(calm.slice(Math.floor(calm.length / 3)))

/** The throughput while another process rejects this number of requests per second. */
const besideRejections = async (
  orders: Sending,
  rate: number,
  seconds: number,
): Promise<number> => {
  const sink = await startSink()
  const rejected = ordersToSink(sink.address)
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

/** Waits until no request is in flight, for at most 10 s, which is longer than a request's deadline. */
const drained = async (orders: Orders): Promise<void> => {
  const end = performance.now() + 10_000
  while (orders.inFlight() > 0 && performance.now() < end) await sleep(20)
}

const brokenIn = ({ databases }: Stack): Promise<string[]> =>
  brokenInvariants({ ...databases, atRest: false })

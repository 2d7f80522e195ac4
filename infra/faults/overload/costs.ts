import { metricsPortOffset } from '@flash-deal/config'
import type { Second } from './phases.ts'

/** CPU time of a service per request, in microseconds. */
export type Costs = { order: number; rejection: number }

/** CPU time of a service since its start, in seconds, from its metrics. */
export const cpuSecondsOf = async (address: string): Promise<number> => {
  const { hostname, port } = new URL(address)
  const response = await fetch(`http://${hostname}:${Number(port) + metricsPortOffset}/metrics`)
  const seconds = /^process_cpu_seconds_total (\S+)$/m.exec(await response.text())?.[1]
  if (seconds === undefined) throw new Error(`The metrics of ${address} have no CPU time.`)
  return Number(seconds)
}

type Phase = { cpuSeconds: number; seconds: readonly Second[] }

/** The calm phase has only orders and gives their cost; the rest of `during` is for rejections. */
export const costsOf = (calm: Phase, during: Phase): Costs => {
  const order = calm.cpuSeconds / total(calm.seconds, 'ordered')
  const rejections = during.cpuSeconds - total(during.seconds, 'ordered') * order
  return { order: order * 1e6, rejection: (rejections * 1e6) / total(during.seconds, 'shed') }
}

/**
 * The share of its throughput that a process can keep when `times` its throughput is offered,
 * because rejections take CPU time from orders: g × order + (times − g) × rejection = order.
 */
export const reachableShare = ({ order, rejection }: Costs, times: number): number =>
  Math.max(0, Math.min(1, (order - times * rejection) / (order - rejection)))

export const total = (seconds: readonly Second[], of: keyof Second): number =>
  seconds.reduce((sum, second) => sum + second[of], 0)

/** Orders per second on average. */
export const average = (seconds: readonly Second[]): number =>
  total(seconds, 'ordered') / Math.max(1, seconds.length)

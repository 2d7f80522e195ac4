import { metricsPortOffset } from '@flash-deal/config'
import { layout } from './cores.ts'
import type { Outcome } from './generator/protocol.ts'
import type { Instance } from './instance.ts'
import {
  coreTimes,
  cpuUsOf,
  cpuUsOfOthers,
  endedChildrenUs,
  residentBytesOf,
} from './probes/cpu.ts'
import { type ScrapedMetrics, scrapeMetrics } from './probes/scrape.ts'
import { sum } from './stats/mean.ts'

/** The counters before or after a slice. The figures of the slice are the differences. */
export type Snapshot = {
  /** By service. */
  scraped: Readonly<Record<string, ScrapedMetrics>>
  counts: Figures
  cpu: Figures
  apartCpu: Record<Apart, number>
  /** CPU of the arms without load, by arm. */
  idleCpu: Figures
  /** CPU of the processes outside the run. It is added up, because the time of a core is only sampled. */
  foreignUs: number
  /** Time in which the machine's cores worked for other machines. */
  stolenUs: number
  memory: Figures
  busyUs: number[]
  atMs: number
}

type Figures = Record<string, number>
type Apart = 'generator' | 'helpers' | 'lab' | 'kernel' | 'kafka'

/** Process ids in the groups whose CPU time is counted separately. */
export type Groups = {
  system: Readonly<Record<string, readonly number[]>>
  /** The lab's own processes, and kernel threads, such as those of the disk. */
  apart: Readonly<Record<Apart, readonly number[]>>
  /** The processes of the arms without load, by arm. */
  idle: Readonly<Record<string, readonly number[]>>
}

/** The processes' own metrics, by service. A ceiling has none. */
export const scrapeAll = async (
  { arm, processes }: Instance,
  scenario: string,
): Promise<Record<string, ScrapedMetrics>> => {
  const speaking = arm.role === 'ceiling' ? [] : processes
  const scraped = speaking.map(async ({ service, port }) => [
    service,
    await scrapeMetrics(`http://127.0.0.1:${port + metricsPortOffset}`, scenario),
  ])
  return Object.fromEntries(await Promise.all(scraped))
}

/** Adds the kernel's figures for all groups. */
export const takeSnapshot = (
  { system, apart, idle }: Groups,
  scraped: Snapshot['scraped'],
  counts: Snapshot['counts'],
): Snapshot => ({
  scraped,
  counts,
  cpu: systemCpuOf(system),
  apartCpu: apartCpuOf(apart),
  idleCpu: perGroup(idle, cpuUsOf),
  foreignUs: cpuUsOfOthers(new Set([system, apart, idle].flatMap(pidsIn))),
  memory: perGroup(system, residentBytesOf),
  ...coreTimes(),
  atMs: performance.now(),
})

const pidsIn = (groups: Readonly<Record<string, readonly number[]>>): number[] =>
  Object.values(groups).flat()

export const systemCpuOf = (system: Groups['system']): Figures =>
  perGroup(system, (pids) => cpuUsOf(pids) + sum(pids.map(endedChildrenUs)))

/** A k6 process that played a slice has ended by the second snapshot. */
const apartCpuOf = (apart: Groups['apart']): Snapshot['apartCpu'] => {
  const used = perGroup(apart, cpuUsOf)
  return { ...used, generator: used.generator + endedChildrenUs(process.pid) }
}

/** The differences between the snapshots before and after a load. */
export const figuresOf = (
  before: Snapshot,
  after: Snapshot,
  { elapsedMs }: Pick<Outcome, 'elapsedMs'>,
) => {
  const wallUs = (after.atMs - before.atMs) * 1_000
  const busy = after.busyUs.map((each, core) => each - (before.busyUs[core] ?? 0))
  const cpu = difference(after.cpu, before.cpu)
  const idle = difference(after.idleCpu, before.idleCpu)
  const apart = {
    ...difference(after.apartCpu, before.apartCpu),
    'idle arms': sum(Object.values(idle)),
  }
  return {
    cpu,
    apartCpu: apart,
    idleCpu: idle,
    machineCpu: sum(busy),
    // The lab's own CPU is the cost of the snapshots, which are outside the load.
    serverUtilization: ((busy[layout.server] ?? 0) - apart.lab) / (elapsedMs * 1_000),
    foreignCpu: Math.max(0, after.foreignUs - before.foreignUs) / wallUs,
    stolenCpu: (after.stolenUs - before.stolenUs) / wallUs,
    counts: {
      ...difference(after.counts, before.counts),
      [waitingCount]: waitedMs(after) - waitedMs(before),
    },
    witnesses: difference(witnessesOf(after), witnessesOf(before)),
    eventLoop: eventLoopOf(before, after),
    memory: after.memory,
  }
}

/** The name in the table of counts. */
export const waitingCount = 'ms of waiting for a connection'

const waitedMs = ({ scraped }: Snapshot): number =>
  sum(Object.values(scraped).map((each) => each.waitedMs))

/** The sum over all processes. */
const witnessesOf = ({ scraped }: Snapshot): Figures => {
  const total: Figures = {}
  for (const [event, count] of Object.values(scraped).flatMap((each) =>
    Object.entries(each.witnesses),
  )) {
    total[event] = (total[event] ?? 0) + count
  }
  return total
}

/** A service in Go has no event loop. */
const eventLoopOf = (before: Snapshot, after: Snapshot): Figures =>
  Object.fromEntries(
    Object.entries(after.scraped).flatMap(([service, scraped]) => {
      const active = scraped.activeMs - (before.scraped[service]?.activeMs ?? 0)
      const idle = scraped.idleMs - (before.scraped[service]?.idleMs ?? 0)
      return active + idle > 0 ? [[service, active / (active + idle)]] : []
    }),
  )

export const difference = <Name extends string>(
  after: Record<Name, number>,
  before: Record<Name, number>,
): Record<Name, number> => {
  const changed = { ...after }
  for (const name in changed) changed[name] -= before[name] ?? 0
  return changed
}

const perGroup = <Name extends string>(
  groups: Readonly<Record<Name, readonly number[]>>,
  of: (pids: readonly number[]) => number,
): Record<Name, number> => {
  const figures = {} as Record<Name, number>
  for (const name in groups) figures[name] = of(groups[name])
  return figures
}

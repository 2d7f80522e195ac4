import { layout } from './cores.ts'
import type { Outcome } from './generator/protocol.ts'
import type { Instance } from './instance.ts'
import { busyUsByCore, cpuUsOf, endedChildrenUs, residentBytesOf } from './probes/cpu.ts'
import { type Told, toldBy } from './probes/told.ts'
import { sum } from './stats/mean.ts'

/** What is read before a slice and after it. Its figures are the differences. */
export type Look = {
  /** By service. */
  told: Readonly<Record<string, Told>>
  counts: Figures
  cpu: Figures
  apartCpu: Record<Apart, number>
  memory: Figures
  busyUs: number[]
  atMs: number
}

type Figures = Record<string, number>
type Apart = 'generator' | 'lab' | 'idle arms' | 'kernel'

/** Process ids by whose processor time is told apart. */
export type Groups = {
  system: Readonly<Record<string, readonly number[]>>
  /** The lab's own, the other arms, which idle, and the kernel's threads, such as those of the disk. */
  apart: Readonly<Record<Apart, readonly number[]>>
}

const metricsOffset = 1_000

/** What processes say of themselves, by service. The limit says nothing. */
export const toldByAll = async (
  { arm, processes }: Instance,
  scenario: string,
): Promise<Record<string, Told>> => {
  const speaking = arm.role === 'limit' ? [] : processes
  const told = speaking.map(async ({ service, port }) => [
    service,
    await toldBy(`http://127.0.0.1:${port + metricsOffset}`, scenario),
  ])
  return Object.fromEntries(await Promise.all(told))
}

/** What the kernel says of all that takes part. */
export const lookAt = (
  { system, apart }: Groups,
  told: Look['told'],
  counts: Look['counts'],
): Look => ({
  told,
  counts,
  cpu: perGroup(system, (pids) => cpuUsOf(pids) + sum(pids.map(endedChildrenUs))),
  apartCpu: apartCpuOf(apart),
  memory: perGroup(system, residentBytesOf),
  busyUs: busyUsByCore(),
  atMs: performance.now(),
})

/** A k6 that played a slice has ended by the second look. */
const apartCpuOf = (apart: Groups['apart']): Look['apartCpu'] => {
  const used = perGroup(apart, cpuUsOf)
  return { ...used, generator: used.generator + endedChildrenUs(process.pid) }
}

/** What has changed between two looks, with a load in between. */
export const figuresOf = (before: Look, after: Look, { elapsedMs }: Pick<Outcome, 'elapsedMs'>) => {
  const wallUs = (after.atMs - before.atMs) * 1_000
  const busy = after.busyUs.map((each, core) => each - (before.busyUs[core] ?? 0))
  const cpu = difference(after.cpu, before.cpu)
  const apart = difference(after.apartCpu, before.apartCpu)
  const ours = sum([...Object.values(cpu), ...Object.values(apart)])
  return {
    cpu,
    apartCpu: apart,
    machineCpu: sum(busy),
    // Without what the looks themselves take: they are before and after the load.
    serverUtilization: ((busy[layout.server] ?? 0) - apart.lab) / (elapsedMs * 1_000),
    foreignCpu: Math.max(0, sum(busy) - ours) / wallUs,
    counts: {
      ...difference(after.counts, before.counts),
      [waitingCount]: waitedMs(after) - waitedMs(before),
    },
    witnesses: difference(witnessesOf(after), witnessesOf(before)),
    eventLoop: eventLoopOf(before, after),
    memory: after.memory,
  }
}

/** As the table of counts names it. */
export const waitingCount = 'ms of waiting for a connection'

const waitedMs = ({ told }: Look): number => sum(Object.values(told).map((each) => each.waitedMs))

/** Of all processes together. */
const witnessesOf = ({ told }: Look): Figures => {
  const total: Figures = {}
  for (const [event, count] of Object.values(told).flatMap((each) =>
    Object.entries(each.witnesses),
  )) {
    total[event] = (total[event] ?? 0) + count
  }
  return total
}

const eventLoopOf = (before: Look, after: Look): Figures =>
  Object.fromEntries(
    Object.entries(after.told).map(([service, told]) => {
      const active = told.activeMs - (before.told[service]?.activeMs ?? 0)
      const idle = told.idleMs - (before.told[service]?.idleMs ?? 0)
      return [service, active / (active + idle)]
    }),
  )

const difference = <Name extends string>(
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

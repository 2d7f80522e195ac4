import { PlainError } from '@flash-deal/local/plain-error'
import type { Generator } from '../generator/generator.ts'
import type { Outcome } from '../generator/protocol.ts'
import { cpuUsOf, familyOf } from '../probes/cpu.ts'
import type { Sample, Work } from './work.ts'

export type RotationOptions = {
  generator: Generator
  works: readonly Work[]
  /** How often each kind of work is measured. */
  rounds: number
  sliceMs: number
  /** Duration of each kind of work before the first slice that counts. */
  warmUpMs: number
  abort: AbortSignal
  say: (line: string) => void
}

/** What the command line gives. */
export type CostOptions = Pick<RotationOptions, 'rounds' | 'sliceMs' | 'abort' | 'say'>

/** Of the load generator, each with one request in flight. */
export const connections = 64

/**
 * Measures all kinds of work in turn, round after round. On a virtual machine only the ratio of
 * measurements that are close in time is stable.
 * @throws PlainError if a response is not the expected one
 */
export const measureInRotation = async (options: RotationOptions): Promise<Sample[]> => {
  const { works, rounds, sliceMs, warmUpMs, abort, say } = options
  const samples: Sample[] = []
  for (const work of works) {
    say(`warming up: ${work.name}`)
    await slice(options, work, warmUpMs)
  }
  for (let round = 1; round <= rounds && !abort.aborted; round += 1) {
    say(`round ${round} of ${rounds}`)
    for (const work of works) samples.push(await slice(options, work, sliceMs))
  }
  return samples
}

const slice = async (
  { generator }: RotationOptions,
  work: Work,
  durationMs: number,
): Promise<Sample> => {
  const allocatedBefore = await work.allocatedBytes?.()
  const countsBefore = await work.counts?.()
  const before = usedBy(work)
  const { port, templates } = work
  const outcome = await generator.run({ port, connections, durationMs, templates })
  const after = usedBy(work)
  const countsAfter = await work.counts?.()
  const allocatedAfter = await work.allocatedBytes?.()
  refuseErrors(work, outcome)
  const { completed, elapsedMs, latency } = outcome
  const cpuUs = differences(before, after, completed)
  const perSecond = (completed / elapsedMs) * 1_000
  const counted = countsBefore && countsAfter && differences(countsBefore, countsAfter, completed)
  const figures = {
    ...{ work: work.name, requests: completed, cpuUs, perSecond, meanMs: latency.meanMs },
    ...(counted && { counted }),
  }
  if (allocatedBefore === undefined || allocatedAfter === undefined) return figures
  return { ...figures, allocated: (allocatedAfter - allocatedBefore) / completed }
}

type Totals = Readonly<Record<string, number>>

/** For each request. A counter that is missing before counts as zero. */
const differences = (before: Totals, after: Totals, requests: number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after).map(([name, total]) => [name, (total - (before[name] ?? 0)) / requests]),
  )

/** Includes child processes, such as PostgreSQL's backends, which may start and end meanwhile. */
const usedBy = ({ processes }: Work): Record<string, number> =>
  Object.fromEntries(
    Object.entries(processes).map(([name, pids]) => [name, cpuUsOf(pids.flatMap(familyOf))]),
  )

const refuseErrors = ({ name }: Work, { requests, completed, statuses, errors }: Outcome): void => {
  if (completed > 0 && completed === requests && Object.keys(errors).length === 0) return
  throw new PlainError(
    `${name}: ${completed} of ${requests} responses were as expected. Statuses: ${JSON.stringify(statuses)}; errors: ${JSON.stringify(errors)}.`,
  )
}

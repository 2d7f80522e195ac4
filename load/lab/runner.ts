import type { LabSystem } from './lab-system.ts'
import type { Pace } from './pace.ts'
import type { Arm, Header, RawRecord } from './record.ts'
import { type Place, placesOf, startOrdersOf } from './schedule/design.ts'
import { mostRestarts, type StopReason, stopReason } from './schedule/stop.ts'
import { judge } from './verdict/judge.ts'

/** Runs a design, restart by restart, until a stop rule applies. */

export type Running = {
  system: LabSystem
  header: Header
  pace: Pace
  /** The most milliseconds since this process began or resumed the run; checked between restarts. */
  capMs: number
  /** Fewer than the ten that a verdict needs, for a smoke test. */
  restarts?: number
  write: (record: RawRecord) => void
  /** The records of this run before an interruption; complete restarts only. */
  before: readonly RawRecord[]
  abort: AbortSignal
  onProgress: (progress: Progress) => void
}

export type Progress = {
  restart: number
  /** The restarts of earlier processes, which are not part of `elapsedMs`. */
  before: number
  /** Finished slices of this restart. */
  slices: number
  of: number
  elapsedMs: number
}

export type Ending = StopReason | 'interrupted' | 'as many restarts as were asked for'

/** @returns all records, including `before`, and why it ended */
export const run = async (running: Running): Promise<{ records: RawRecord[]; ending: Ending }> => {
  const { header, pace, abort, before } = running
  const design = { arms: header.arms, restarts: mostRestarts, blocks: pace.blocks }
  const records = [...before]
  const keep = (record: RawRecord): void => {
    records.push(record)
    running.write(record)
  }
  const begin = performance.now()
  const done = before.filter(({ kind }) => kind === 'restart').length
  const startOrders = startOrdersOf(header.seed, header.arms, mostRestarts)
  for (const [restart, places] of placesOf(header.seed, design).entries()) {
    if (restart < done) continue
    const arms = startOrders[restart] ?? header.arms
    await playRestart(running, { restart, arms, places, begin, done }, keep)
    if (abort.aborted) return { records, ending: 'interrupted' }
    const ending = endingOf(running, records, restart + 1, performance.now() - begin)
    if (ending) return { records, ending }
  }
  return { records, ending: 'twenty restarts' }
}

const endingOf = (
  { header, capMs, restarts: wanted }: Running,
  records: readonly RawRecord[],
  restarts: number,
  elapsedMs: number,
): Ending | undefined => {
  if (wanted !== undefined) {
    return restarts >= wanted ? 'as many restarts as were asked for' : undefined
  }
  const { comparisons, aaCheck } = judge(header, records)
  const widths = comparisons.map(({ found }) => found?.halfWidth)
  const halfWidth =
    aaCheck && widths.every((width) => width !== undefined)
      ? Math.max(...widths, aaCheck.resolution)
      : undefined
  return stopReason({ restarts, halfWidth, elapsedMs, capMs })
}

type Restart = {
  restart: number
  /** In the order of their start. */
  arms: readonly Arm[]
  places: readonly Place[]
  begin: number
  done: number
}

const playRestart = async (
  running: Running,
  { restart, arms, places, begin, done }: Restart,
  keep: (record: RawRecord) => void,
): Promise<void> => {
  const { system, header, pace, abort, onProgress } = running
  const instances = await system.restart(arms)
  await system.warm(pace, abort)
  for (const [index, place] of places.entries()) {
    // A restart without an end record does not count; a resumed run repeats it.
    if (abort.aborted) return
    const instance = instances.find(({ arm }) => arm.name === place.arm)
    if (!instance) throw new Error(`The design has an arm ${place.arm} that does not run.`)
    const startedAtMs = Date.now() - Date.parse(header.startedAt)
    const measured = await system.slice(instance, pace.sliceMs)
    keep({ kind: 'slice', phase: 'measured', startedAtMs, ...measured, ...place })
    const elapsedMs = performance.now() - begin
    onProgress({ restart, before: done, slices: index + 1, of: places.length, elapsedMs })
  }
  keep({ kind: 'restart', restart, violations: await system.violations() })
}

import type { LabSystem } from './lab-system.ts'
import type { Pace } from './pace.ts'
import type { Header, RawRecord } from './record.ts'
import { type Place, placesOf } from './schedule/design.ts'
import { mostRestarts, type StopReason, stopReason } from './schedule/stop.ts'
import { judge } from './verdict/judge.ts'

/** Carries a design out, restart by restart, until it has seen enough. */

export type Running = {
  system: LabSystem
  header: Header
  pace: Pace
  /** At most so long, from the begin of the first restart; asked between restarts. */
  capMs: number
  /** Fewer than the ten that a verdict needs, for a smoke test. */
  restarts?: number
  write: (record: RawRecord) => void
  /** Of this run, from before an interruption; whole restarts only. */
  before: readonly RawRecord[]
  abort: AbortSignal
  onProgress: (progress: Progress) => void
}

export type Progress = {
  restart: number
  /** Slices of this restart that are over, of so many. */
  slices: number
  of: number
  elapsedMs: number
}

export type Ending = StopReason | 'interrupted' | 'as many restarts as were asked for'

/** @returns all records, those from before included, and why it ended */
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
  for (const [restart, places] of placesOf(header.seed, design).entries()) {
    if (restart < done) continue
    await playRestart(running, { restart, places, begin }, keep)
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

type Restart = { restart: number; places: readonly Place[]; begin: number }

const playRestart = async (
  running: Running,
  { restart, places, begin }: Restart,
  keep: (record: RawRecord) => void,
): Promise<void> => {
  const { system, header, pace, abort, onProgress } = running
  const instances = await system.restart(header.arms)
  await system.warm(pace.warmRequests, abort)
  for (const [index, place] of places.entries()) {
    // Without its end the restart does not count, and is repeated when the run is resumed.
    if (abort.aborted) return
    const instance = instances.find(({ arm }) => arm.name === place.arm)
    if (!instance) throw new Error(`The design names an arm ${place.arm} that does not run.`)
    const startedAtMs = Date.now() - Date.parse(header.startedAt)
    const measured = await system.slice(instance, pace.sliceMs)
    keep({ kind: 'slice', phase: 'measured', startedAtMs, ...measured, ...place })
    const elapsedMs = performance.now() - begin
    onProgress({ restart, slices: index + 1, of: places.length, elapsedMs })
  }
  keep({ kind: 'restart', restart, violations: await system.violations() })
}

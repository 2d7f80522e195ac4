import type { Instance } from './instance.ts'
import type { LabSystem, Measured } from './lab-system.ts'
import type { Pace } from './pace.ts'
import type { Header, RawRecord, Slice } from './record.ts'
import { type Place, placesOf } from './schedule/design.ts'
import { mostRestarts, type StopReason, stopReason } from './schedule/stop.ts'
import { judge } from './verdict/judge.ts'
import { whyNotWarm } from './verdict/warm.ts'

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
  const startedAtMs = () => Date.now() - Date.parse(header.startedAt)
  await warmUp(system, instances, pace, abort, (measured, position) =>
    keep({
      kind: 'slice',
      phase: 'warm-up',
      restart,
      block: 0,
      pair: 0,
      position,
      startedAtMs: startedAtMs(),
      ...measured,
    }),
  )
  for (const [index, place] of places.entries()) {
    if (abort.aborted) break
    const instance = instances.find(({ arm }) => arm.name === place.arm)
    if (!instance) throw new Error(`The design names an arm ${place.arm} that does not run.`)
    const at = startedAtMs()
    const measured = await system.slice(instance, pace.sliceMs)
    keep({ kind: 'slice', phase: 'measured', startedAtMs: at, ...measured, ...place })
    const elapsedMs = performance.now() - begin
    onProgress({ restart, slices: index + 1, of: places.length, elapsedMs })
  }
  keep({ kind: 'restart', restart, violations: await system.violations() })
}

/** Until each arm is warm by the rule of the verdict, or as long as the pace allows. */
const warmUp = async (
  system: LabSystem,
  instances: readonly Instance[],
  pace: Pace,
  abort: AbortSignal,
  keep: (measured: Measured, position: number) => void,
): Promise<void> => {
  await system.warm(pace.warmMs)
  for (const instance of instances) {
    const slices: Measured[] = []
    while (slices.length < pace.warmSlicesMax && !abort.aborted) {
      const measured = await system.warmSlice(instance, pace.warmSliceMs)
      keep(measured, slices.length)
      slices.push(measured)
      if (slices.length >= pace.warmSlices && isWarm(slices, instance)) break
    }
  }
}

const isWarm = (slices: readonly Measured[], { warmedMs }: Instance): boolean =>
  whyNotWarm(slices.map(asSlice), warmedMs) === undefined

/** Where it stands does not matter to whether a process is warm. */
const asSlice = (measured: Measured): Slice => ({
  kind: 'slice',
  phase: 'warm-up',
  restart: 0,
  block: 0,
  pair: 0,
  position: 0,
  startedAtMs: 0,
  ...measured,
})

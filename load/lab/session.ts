import { scenarioOf } from '@flash-deal/config'
import type { Stack } from '@flash-deal/local/stack'
import { layout, pinThisProcess } from './cores.ts'
import { k6Load } from './generator/k6-load.ts'
import { headerOf } from './header.ts'
import { openJournal, type Recorded } from './journal.ts'
import { LabSystem } from './lab-system.ts'
import { type LoadKind, openLoadOf, replayOf } from './loads.ts'
import type { Pace } from './pace.ts'
import { progressLine } from './progress.ts'
import type { Arm, Header, RawRecord } from './record.ts'
import { type Ending, type Progress, run } from './runner.ts'
import type { Extent, Subject } from './subjects/subject.ts'

/** One subject and its arms, measured while nothing else runs on the machine. */
export type Session = {
  subject: Subject
  /** By default `capacity`. */
  kind?: LoadKind
  /** The rate of an open loop, in per cent of the baseline's capacity. */
  share?: number
  arms: readonly Arm[]
  seed: number
  pace: Pace
  /** By default `full`; a smoke test has another. */
  extent?: Extent
  capMs: number
  /** The number of restarts; by default the stop rules decide. */
  restarts?: number
  /** The planted difference of a self-test. */
  planted?: Header['planted']
  /** The folder for the raw slices; by default they are not written. */
  folder?: string
  /** The records of an interrupted run, complete restarts only. */
  before?: Recorded | undefined
  abort: AbortSignal
  /** A running system to use; it is not stopped. For smoke tests. */
  shared?: Stack
}

/** @throws PlainError if the system does not start */
export const runSession = async (session: Session): Promise<Recorded & { ending: Ending }> => {
  const { arms, seed, pace, extent = 'full', capMs, restarts, folder, before, abort } = session
  const subject = playedSubject(session)
  // Processes started from here on inherit this core; the generator has another.
  if (extent === 'full') pinThisProcess(layout.server)
  const { shared } = session
  const { system, data } = await LabSystem.open({ subject, arms, extent, abort, shared })
  try {
    const kept: RawRecord[] = before?.records ?? (await system.counted())
    const judged = await putUnderLoad(system, subject, session)
    const warmUp = { requests: pace.warmRequests }
    const { planted } = session
    const given = {
      seed,
      arms,
      blocks: pace.blocks,
      warmUp,
      data,
      ...judged,
      ...(planted && { planted }),
    }
    const header = before?.header ?? (await headerOf(subject, system, given))
    const journal = folder === undefined ? undefined : openJournal(folder, [header, ...kept])
    const { records, ending } = await run({
      ...{ system, header, pace, capMs, abort, onProgress, before: kept },
      ...(restarts !== undefined && { restarts }),
      write: (record) => journal?.write(record),
    })
    if (ending === 'interrupted') return { header, records, ending }
    const end = { kind: 'end', why: ending } as const
    journal?.write(end)
    journal?.close()
    return { header, records: [...records, end], ending }
  } finally {
    await system.end()
  }
}

/**
 * k6 sends its requests to the gateway, which reports an arm as healthy only if all four services run
 * its variants. A script may write. Every other load goes to the subject's own service.
 */
const playedSubject = ({ subject, kind = 'capacity' }: Session): Subject => {
  if (kind !== 'replay') return subject
  const { onlyReads: _, ...played } = subject
  return { ...played, services: ['gateway', 'auth', 'product', 'order'], shared: [] }
}

const putUnderLoad = async (
  system: LabSystem,
  { id, connections }: Subject,
  session: Session,
): Promise<Pick<Header, 'load' | 'figure'>> => {
  const { kind = 'capacity', share = 50 } = session
  if (kind === 'capacity') {
    return { load: { mode: 'capacity', clients: connections }, figure: 'rate' }
  }
  if (kind === 'replay') {
    const { load, figure, given, script } = replayOf(scenarioOf(id).script)
    system.playWith(await k6Load(script, layout.generator, given))
    return { load, figure }
  }
  const { load, figure, schedule } = openLoadOf(kind, await rateWanted(system, session), share)
  system.playOnSchedule(schedule)
  return { load, figure }
}

const capacityMs = 5_000

/** Requests per second: a share of the baseline's capacity; a resumed run keeps its rate. */
const rateWanted = async (
  system: LabSystem,
  { arms, before, pace, abort, share = 50 }: Session,
): Promise<number> => {
  if (before?.header.load.mode === 'latency') return before.header.load.rate
  const [instance] = await system.restart(arms.filter(({ role }) => role === 'baseline'))
  if (!instance) throw new RangeError('A run needs a baseline')
  await system.warm(pace, abort)
  const { completed, durationMs } = await system.capacitySlice(instance, capacityMs)
  return Math.max(1, Math.round((completed / durationMs) * 10 * share))
}

const onProgress = (progress: Progress): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r${progressLine(progress)} `)
  else if (progress.slices === progress.of) console.log(progressLine(progress))
}

import { Bench } from './bench.ts'
import { layout, pinThisProcess } from './cores.ts'
import { headerOf } from './header.ts'
import { openJournal, type Recorded } from './journal.ts'
import type { Pace } from './pace.ts'
import { progressLine } from './progress.ts'
import type { Arm } from './record.ts'
import { type Ending, type Progress, run } from './runner.ts'
import type { Subject } from './subjects/subject.ts'

/** One subject, its arms, and a machine that has nothing else to do. */
export type Sitting = {
  subject: Subject
  arms: readonly Arm[]
  seed: number
  pace: Pace
  capMs: number
  /** So many, and no more; else as many as it takes. */
  restarts?: number
  /** Where the raw slices go; nowhere, where nobody wants them. */
  folder?: string
  /** What stands there already, whole restarts only. */
  before?: Recorded | undefined
  abort: AbortSignal
}

/** @throws PlainError where the system does not start */
export const sit = async (sitting: Sitting): Promise<Recorded & { ending: Ending }> => {
  const { subject, arms, seed, pace, capMs, restarts, folder, before, abort } = sitting
  // All that is started from here on stays there; the generator goes to a core of its own.
  pinThisProcess(layout.server)
  const { bench, data } = await Bench.open(subject, abort)
  try {
    const given = { seed, arms, blocks: pace.blocks, data }
    const header = before?.header ?? (await headerOf(subject, bench, given))
    const kept = before?.records ?? []
    const journal = folder === undefined ? undefined : openJournal(folder, [header, ...kept])
    const { records, ending } = await run({
      ...{ bench, header, pace, capMs, abort, onProgress, before: kept },
      ...(restarts !== undefined && { restarts }),
      write: (record) => journal?.write(record),
    })
    if (ending !== 'interrupted') journal?.close()
    return { header, records, ending }
  } finally {
    await bench.end()
  }
}

const onProgress = (progress: Progress): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r${progressLine(progress)} `)
  else if (progress.slices === progress.of) console.log(progressLine(progress))
}

import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { variantsOf } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import { armsOf } from './header.ts'
import type { Recorded } from './journal.ts'
import { type LoadKind, paceOf } from './loads.ts'
import { smoke } from './pace.ts'
import { resumed } from './resume.ts'
import type { Ending } from './runner.ts'
import { runSession, type Session } from './session.ts'
import { smokeProblems } from './smoke.ts'
import { subjectNamed } from './subjects/named.ts'
import type { Subject } from './subjects/subject.ts'
import { writeReports } from './write-reports.ts'

/** `npm run lab -- e2`: measures one scenario and prints its verdicts. */

export type Wanted = {
  id: string
  /** Treatments; by default all variants but the baseline. */
  variants: readonly string[]
  /** The load. */
  kind: LoadKind
  /** The rate of an open loop, in per cent of the baseline's capacity. */
  share: number
  seed: number
  capMs: number
  smoke: boolean
  /** Requests of the warm-up; by default the subject's own number. */
  warm: number | undefined
}

export const results = join(root, 'load/results')

/** @returns whether the run is valid; for a smoke test, whether it found no problem */
export const measure = async (wanted: Wanted, abort: AbortSignal): Promise<boolean> => {
  const subject = subjectNamed(wanted.id)
  const { kind, share, seed, capMs } = wanted
  const arms = armsOf(subject, treatmentsOf(subject, wanted.variants), kind)
  const session = { subject, kind, share, arms, seed, capMs, abort }
  if (wanted.smoke) return smokeTest(session)
  const warmRequests = wanted.warm ?? subject.warmRequests
  const pace = paceOf(kind, { ...subject, ...(warmRequests !== undefined && { warmRequests }) })
  return fullRun({ ...session, pace, folder: newFolder(nameOf(subject, kind, share)) })
}

/** What is left to choose for the rest of an interrupted run. */
export type Rest = {
  /** The folder of the run. */
  folder: string
  /** The scenario on the command line, if there is one. */
  name: string | undefined
  capMs: number
}

/**
 * Measures the rest of an interrupted run.
 *
 * @returns whether the run is valid
 * @throws PlainError if it cannot be resumed
 */
export const resume = ({ folder, name, capMs }: Rest, abort: AbortSignal): Promise<boolean> =>
  fullRun({ ...resumed(folder, name), capMs, abort })

const fullRun = async (session: Session & { folder: string }): Promise<boolean> => {
  const { subject, folder } = session
  say(`${subject.name}: ${subject.question}.`)
  const finished = await runSession(session)
  const isValid = conclude(folder, finished)
  if (finished.ending === 'interrupted') say(`Resume with: npm run lab -- --resume ${folder}`)
  return isValid
}

const smokeTest = async (session: Omit<Session, 'pace'>): Promise<boolean> => {
  const { subject, kind } = session
  say(`${subject.name}: ${subject.question}.`)
  // k6 alone takes a second to start.
  const pace = kind === 'capacity' ? smoke : { ...smoke, sliceMs: 2_000 }
  const { header, records } = await runSession({ ...session, pace, extent: 'smoke', restarts: 1 })
  return sayProblems(subject, smokeProblems(header, records))
}

/** Open loops at 50 % and at 70 % are separate measurements. */
const nameOf = ({ name }: Subject, kind: LoadKind, share: number): string => {
  if (kind === 'capacity') return name
  return kind === 'latency' ? `${name}-latency-${share}-percent` : `${name}-${kind}`
}

const say = (sentence: string): void => console.log(sentence)

const treatmentsOf = (subject: Subject, named: readonly string[]): string[] => {
  const all = (subject.variants ?? variantsOf(subject.id)).filter(
    (variant) => variant !== 'baseline',
  )
  const wanted = named.filter((variant) => variant !== 'baseline')
  const unknown = wanted.filter((variant) => !all.includes(variant))
  if (unknown.length > 0) {
    throw new PlainError(`${subject.id} has no ${unknown.join(', ')}. It has: ${all.join(', ')}.`)
  }
  return wanted.length > 0 ? wanted : all
}

/** A separate folder for each run of a day. */
export const newFolder = (id: string): string => {
  const name = `${new Date().toISOString().slice(0, 10)}-${id.toLowerCase()}`
  for (let number = 1; ; number++) {
    const folder = join(results, number === 1 ? name : `${name}-${number}`)
    if (!existsSync(folder)) return folder
  }
}

/** Computes the verdicts of the record, writes the reports, and prints the result. */
export const conclude = (folder: string, finished: Recorded & { ending: Ending }): boolean => {
  const { ending } = finished
  const summary = writeReports(folder, finished, ending === 'interrupted')
  say(`\nEnded: ${ending}, after ${summary.restarts} restarts.`)
  for (const { arm, verdict } of summary.comparisons) say(`${arm}: ${verdict.sentence}`)
  say(`The report is in ${relative(process.cwd(), folder)}.`)
  return summary.comparisons.every(({ verdict }) => verdict.kind !== 'INVALID')
}

const sayProblems = ({ name }: Subject, problems: readonly string[]): boolean => {
  for (const problem of problems) say(problem)
  say(problems.length === 0 ? `${name}: no problems found.` : `${name}: problems found.`)
  return problems.length === 0
}

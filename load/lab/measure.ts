import { existsSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { variantsOf } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import { armsOf } from './header.ts'
import { type Recorded, readJournal } from './journal.ts'
import { type LoadKind, paceOf } from './loads.ts'
import { smoke } from './pace.ts'
import type { RawRecord } from './record.ts'
import type { Ending } from './runner.ts'
import { runSession } from './session.ts'
import { smokeProblems } from './smoke.ts'
import { subjects } from './subjects/index.ts'
import type { Subject } from './subjects/subject.ts'
import { judge } from './verdict/judge.ts'
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
  /** Resumes the newest interrupted run of this scenario in this folder. */
  resume: string | undefined
}

export const results = join(root, 'load/results')

/** @returns whether the run is valid; for a smoke test, whether it found no problem */
export const measure = async (wanted: Wanted, abort: AbortSignal): Promise<boolean> => {
  const subject = subjectOf(wanted.id)
  const { kind, share, seed, capMs, resume } = wanted
  const arms = armsOf(subject, treatmentsOf(subject, wanted.variants), kind)
  say(`${subject.name}: ${subject.question}.`)
  if (wanted.smoke) {
    // k6 alone takes a second to start.
    const pace = kind === 'capacity' ? smoke : { ...smoke, sliceMs: 2_000 }
    const extent = 'smoke' as const
    const session = { subject, kind, share, arms, seed, capMs, pace, extent, restarts: 1, abort }
    const { header, records } = await runSession(session)
    return sayProblems(subject, smokeProblems(header, records))
  }
  const before = resume === undefined ? undefined : wholeRestartsOf(readJournal(resume))
  const folder = resume ?? newFolder(nameOf(subject, kind, share))
  const asked = wanted.warm ?? subject.warmRequests
  const pace = paceOf(kind, { ...subject, ...(asked !== undefined && { warmRequests: asked }) })
  const session = { subject, kind, share, arms, seed, capMs, pace, folder, before, abort }
  return conclude(folder, await runSession(session), subject.name)
}

/** Open loops at 50 % and at 70 % are separate measurements. */
const nameOf = ({ name }: Subject, kind: LoadKind, share: number): string => {
  if (kind === 'capacity') return name
  return kind === 'latency' ? `${name}-latency-${share}-percent` : `${name}-${kind}`
}

const say = (sentence: string): void => console.log(sentence)

const subjectOf = (id: string): Subject => {
  const subject = subjects.find(({ name }) => name === id.toLowerCase())
  if (subject) return subject
  const known = subjects.map(({ name }) => name).join(', ')
  throw new PlainError(`The lab cannot measure "${id}". It can: ${known}. See npm run lab -- list.`)
}

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

/** An unfinished restart is repeated. */
const wholeRestartsOf = ({ header, records }: Recorded): Recorded => {
  if (header.version !== 3) {
    throw new PlainError(
      'That run is from an earlier version of the lab, which cannot be resumed. Start a new run.',
    )
  }
  const whole = new Set(
    records.flatMap((record) => (record.kind === 'restart' ? [record.restart] : [])),
  )
  const isKept = (record: RawRecord) =>
    record.kind === 'counted' || ('restart' in record && whole.has(record.restart))
  return { header, records: records.filter(isKept) }
}

/**
 * Computes the verdicts of the record, writes the reports, and prints the result.
 *
 * @param name the argument that resumes it
 */
export const conclude = (
  folder: string,
  finished: Recorded & { ending: Ending },
  name?: string,
): boolean => {
  const { header, records, ending } = finished
  const summary = judge(header, records)
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  const interrupted = ending === 'interrupted'
  const incomplete = interrupted ? 'The run was interrupted.' : undefined
  writeReports(folder, { header, records, summary }, incomplete)
  say(`\nEnded: ${ending}, after ${summary.restarts} restarts.`)
  for (const { arm, verdict } of summary.comparisons) say(`${arm}: ${verdict.sentence}`)
  say(`The report is in ${relative(process.cwd(), folder)}.`)
  if (interrupted && name) say(`Resume with: npm run lab -- ${name} --resume ${folder}`)
  return summary.comparisons.every(({ verdict }) => verdict.kind !== 'INVALID')
}

const sayProblems = ({ name }: Subject, problems: readonly string[]): boolean => {
  for (const problem of problems) say(problem)
  say(problems.length === 0 ? `${name}: no problems found.` : `${name}: problems found.`)
  return problems.length === 0
}

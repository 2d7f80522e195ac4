import { commit } from '@flash-deal/local/commit'
import { PlainError } from '@flash-deal/local/plain-error'
import { type Recorded, readJournal } from './journal.ts'
import { kindOf, paceOf } from './loads.ts'
import type { Header, RawRecord } from './record.ts'
import type { Session } from './session.ts'
import { subjectNamed } from './subjects/named.ts'

/** `--resume`: the rest of an interrupted run, under the conditions in its record. */

/** Everything but the time limit is in the record of the run. */
const allowed = ['--resume', '--cap']

/**
 * The scenario on the command line, if there is one.
 *
 * @param options the names of the options that were given
 * @throws PlainError if there are several scenarios, or an option that the record answers
 */
export const nameToResume = (
  names: readonly string[],
  options: readonly string[],
): string | undefined => {
  const [name, ...others] = names
  if (others.length > 0) {
    throw new PlainError('--resume measures the rest of one run. Name one scenario or none.')
  }
  const refused = options.filter((option) => !allowed.includes(option))
  if (refused.length === 0) return name
  throw new PlainError(
    `--resume takes no ${refused.join(', ')}: the run keeps the options that it began with.`,
  )
}

export type Resumed = Pick<Session, 'subject' | 'kind' | 'arms' | 'seed' | 'pace' | 'before'> & {
  folder: string
}

/**
 * @param name the scenario on the command line, if there is one
 * @param current the commit of the working tree
 * @throws PlainError if the run has ended, or if further slices could not be compared with its own
 */
export const resumed = (folder: string, name?: string, current = commit()): Resumed => {
  const recorded = readJournal(folder)
  const { header } = recorded
  const subject = subjectNamed(resumableSubject(folder, recorded))
  refuseOtherName(folder, subject.name, name)
  refuseOtherCommit(folder, header, current)
  const { arms, seed, blocks, warmUp, load } = header
  const kind = kindOf(load)
  const own = { ...subject, ...(warmUp && { warmRequests: warmUp.requests }) }
  const pace = { ...paceOf(kind, own), blocks }
  return { folder, subject, kind, arms, seed, pace, before: wholeRestartsOf(recorded) }
}

/** The name of its subject. */
const resumableSubject = (folder: string, { header, records }: Recorded): string => {
  if (records.some(({ kind }) => kind === 'end')) {
    throw new PlainError(`The run in ${folder} has ended. Start a new run.`)
  }
  if (header.planted !== undefined) {
    throw new PlainError('A self-test cannot be resumed. Start a new one.')
  }
  if (header.subject === undefined) {
    throw new PlainError(
      'That run is from an earlier version of the lab, which cannot be resumed. Start a new run.',
    )
  }
  return header.subject
}

const refuseOtherName = (folder: string, recorded: string, name = recorded): void => {
  if (name.toLowerCase() === recorded) return
  throw new PlainError(`The run in ${folder} is of ${recorded}, not of ${name}.`)
}

const refuseOtherCommit = (folder: string, header: Header, current: string): void => {
  if (header.commit === current) return
  throw new PlainError(
    `The run in ${folder} measures commit ${header.commit}, and the working tree is at ${current}. Check out that commit, or start a new run.`,
  )
}

/** An unfinished restart is repeated. */
const wholeRestartsOf = ({ header, records }: Recorded): Recorded => {
  const whole = new Set(
    records.flatMap((record) => (record.kind === 'restart' ? [record.restart] : [])),
  )
  const isKept = (record: RawRecord) =>
    record.kind === 'counted' || ('restart' in record && whole.has(record.restart))
  return { header, records: records.filter(isKept) }
}

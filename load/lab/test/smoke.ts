import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment, type Need, scenarioOf } from '@flash-deal/config'
import { programOnPath } from '@flash-deal/local/find-tool'
import type { Stack } from '@flash-deal/local/stack'
import { servers } from '@flash-deal/testing'
import type { Test } from 'tap'
import { armsOf } from '../header.ts'
import { brief, smoke } from '../pace.ts'
import { runSession, type Session } from '../session.ts'
import { smokeProblems } from '../smoke.ts'
import { databaseFlagsOf, type SmokeSystems } from '../smoke-systems.ts'
import type { Subject } from '../subjects/subject.ts'

/** A few short slices of a subject. */

const program = join(import.meta.dirname, '../run.ts')

/** The command that people use. */
export const lab = (...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { env: environment() }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

/** The variants other than the baseline that the subject can prove, or `optimized` if there is none. */
export const variantsFor = ({ witness }: Subject): string[] => {
  const proved = Object.entries(witness).flatMap(([name, events]) =>
    name === 'baseline' || events.length === 0 ? [] : [name],
  )
  return proved.length > 0 ? proved : ['optimized']
}

const isMissing: Partial<Record<Need, () => boolean>> = {
  kafka: () => servers().kafka === undefined,
  go: () => programOnPath('go', environment()) === undefined,
}

/** What these variants need and this machine does not have; false if there is nothing. */
export const missingFor = ({ id }: Subject, variants: readonly string[]): string | false => {
  const needs = variants.flatMap((variant) => scenarioOf(id).needs?.[variant] ?? [])
  const missing = needs.filter((need) => isMissing[need]?.())
  return missing.length > 0 && `this machine has no ${[...new Set(missing)].join(', ')}`
}

/** In an order in which few systems have to be started. */
export const bySystem = (subjects: readonly Subject[]): Subject[] =>
  subjects.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))

const keyOf = (subject: Subject): string => JSON.stringify(databaseFlagsOf(subject))

/** So few that each request gets a response in time on a busy machine. */
const connectionsMax = 8

type Smoke = { subject: Subject; variants: readonly string[]; shared: Stack }

/**
 * Runs the baseline, these variants and the ceiling, without the counting experiments of the subject.
 * Returns a sentence for each problem.
 */
const briefProblems = ({ subject, variants, shared }: Smoke): Promise<string[]> => {
  const { count: _, ...loaded } = subject
  const connections = Math.min(subject.connections, connectionsMax)
  const arms = armsOf(subject, variants).filter(({ role }) => role !== 'repeat')
  return problemsOf({ subject: { ...loaded, connections }, arms, shared, pace: brief })
}

/** A test that runs `briefProblems` of a subject with its first variant. */
export const provesOneVariant = (t: Test, systems: SmokeSystems, subject: Subject): unknown => {
  const variants = variantsFor(subject).slice(0, 1)
  const skip = missingFor(subject, variants)
  return t.test(`${subject.name} runs and responds correctly`, { skip }, async (t) => {
    const shared = await systems.cleanFor(subject)
    t.same(await briefProblems({ subject, variants, shared }), [])
  })
}

/** As `briefProblems`, with a second baseline, with what the subject counts, and under its full load. */
export const allProblems = ({ subject, variants, shared }: Smoke): Promise<string[]> =>
  problemsOf({ subject, arms: armsOf(subject, variants), shared, pace: smoke })

type Wanted = Pick<Session, 'subject' | 'arms' | 'pace'> & { shared: Stack }

const problemsOf = async (wanted: Wanted): Promise<string[]> => {
  const { header, records } = await runSession({
    ...{ ...wanted, seed: 1, restarts: 1, extent: 'smoke', capMs: 60_000 },
    abort: new AbortController().signal,
  })
  return smokeProblems(header, records)
}

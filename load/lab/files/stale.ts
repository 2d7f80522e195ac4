import { sum } from '../stats/mean.ts'
import { subjects } from '../subjects/index.ts'
import type { Comparison, Summary } from '../summary.ts'
import { changedLines } from './changed-lines.ts'
import { filesOf } from './files-of.ts'

/** How far the code of a result has changed since it was measured. */

type Measured = { measurement: string; summary: Summary }

/** Lines of the files of an arm and of the baseline; undefined if they are unknown. */
export type LinesSince = (result: Measured, arm: Comparison['arm']) => number | undefined

/** Asks git once a commit. */
export const linesSince = (root: string): LinesSince => {
  const known = new Map<string, ReturnType<typeof changedLines>>()
  return ({ measurement, summary }, arm) => {
    const { commit } = summary.run
    if (!known.has(commit)) known.set(commit, changedLines(root, commit))
    const changed = known.get(commit)
    if (changed === undefined) return undefined
    const files = filesBehind(root, measurement, summary, arm)
    return files && sum(files.map((file) => changed.get(file) ?? 0))
  }
}

/** As the run noted them, or as they are today where it is older than the note. */
const filesBehind = (
  root: string,
  measurement: string,
  { run }: Summary,
  name: string,
): string[] | undefined => {
  const arms = run.arms.filter((arm) => arm.role === 'baseline' || arm.name === name)
  if (run.files) return unique(arms.flatMap((arm) => run.files?.[arm.name] ?? []))
  const subject = subjects.find((each) => each.name === measurement)
  return subject && unique(arms.flatMap((arm) => filesOf(root, subject, arm)))
}

const unique = (files: readonly string[]): string[] => [...new Set(files)]

export type Stale = { measurement: string; name: string; arm: string; lines: number | undefined }

/**
 * What to measure again: first results that cannot be compared with the code, then by changed lines.
 *
 * @param results the newest of each measurement
 */
export const staleOnes = (results: readonly (Measured & { name: string })[], lines: LinesSince) =>
  results
    .flatMap((result) =>
      result.summary.comparisons.map(
        ({ arm }): Stale => ({
          measurement: result.measurement,
          name: result.name,
          arm,
          lines: lines(result, arm),
        }),
      ),
    )
    .filter((each) => each.lines !== 0)
    .sort((one, other) => weightOf(other) - weightOf(one))

const weightOf = ({ lines }: Stale): number => lines ?? Number.MAX_SAFE_INTEGER

import { sum } from '../stats/mean.ts'
import { subjects } from '../subjects/index.ts'
import type { Comparison, Summary } from '../summary.ts'
import { changedLines } from './changed-lines.ts'
import { filesOf } from './files-of.ts'

/** The changes in the code of a result since it was measured. */

type Measured = { measurement: string; summary: Summary }

/** Changed lines in the files of the arm and of the baseline; undefined if they are unknown. */
export type LinesSince = (result: Measured, arm: Comparison['arm']) => number | undefined

/** Runs git once for each commit. */
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

/** The files in the record; for records before version 3 the files of today. */
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
 * The results in the order in which they need a new measurement: first those whose changes are
 * unknown, then by changed lines.
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

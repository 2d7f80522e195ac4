import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type ScenarioId, scenarioIds, variantsOf } from '@flash-deal/config'
import { PlainError } from '@flash-deal/local/plain-error'
import type { Summary } from '../summary.ts'
import { verify } from '../verify.ts'
import { withCurrentNames } from './changed-flags.ts'

/** The accepted results in load/results; their verdicts are computed again from the raw slices. */

export type Result = {
  id: ScenarioId
  /** The name of its folder: `2026-11-23-m1-orders-2`. */
  name: string
  /** The name without the date: `m1-orders`. The newest result of a measurement is shown. */
  measurement: string
  summary: Summary
}

/** Relative to the repository's root. */
export const resultsFolder = 'load/results'

/**
 * All results, newest first, without unfinished runs and those that compare no variants of a scenario,
 * such as the self-test.
 *
 * @throws PlainError if the stored verdicts differ from those of the raw slices
 */
export const readResults = (root: string): Result[] =>
  globSync(`${resultsFolder}/*/summary.json`, { cwd: root })
    .map((file) => join(root, dirname(file)))
    .flatMap((folder) => resultIn(folder) ?? [])
    .sort((one, other) => (startOf(one) < startOf(other) ? 1 : -1))

const startOf = ({ summary }: Result): string => summary.run.startedAt

const resultIn = (folder: string): Result | undefined => {
  const name = basename(folder)
  const { summary, differences } = verify(folder)
  const untrue = differences.find((difference) => difference.includes('.verdict.'))
  if (untrue !== undefined) {
    throw new PlainError(
      `The verdict in ${resultsFolder}/${name} is not that of its raw slices. ${untrue}.`,
    )
  }
  const id = scenarioIds.find((each) => each === summary.run.id)
  const isOfVariants = summary.comparisons.every(({ arm }) => id && variantsOf(id).includes(arm))
  if (!id || !isOfVariants) return undefined
  const result = { id, name, measurement: measurementOf(name), summary }
  return { ...result, summary: withCurrentNames(result) }
}

/** `2026-11-23-m1-orders-2` is the second `m1-orders` of that day. */
const measurementOf = (name: string): string =>
  name.replace(/^\d{4}-\d{2}-\d{2}-/, '').replace(/-\d+$/, '')

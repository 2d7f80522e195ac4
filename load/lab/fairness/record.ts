import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageOf } from './report.ts'

/** What is kept of `npm run lab -- fairness`: who came when, and who won. */

export type Round = {
  /** Of M1. */
  variant: string
  /** Who come within a second. */
  buyers: number
  /** Buyers in each tenth of the arrivals, and those among them who got a unit. */
  came: readonly number[]
  won: readonly number[]
  /** Of all pairs of a winner and a loser, the share in which the loser had come first. */
  inversions: number
  /** What did not hold, where the round tells nothing: `dropped_iterations count==0`. */
  void?: string
}

export type Fairness = {
  commit: string
  /** ISO 8601. */
  startedAt: string
  seed: number
  machine: string
  node: string
  rounds: Round[]
}

/** Every round as JSON, and a page for people. */
export const writeFairness = (folder: string, run: Fairness): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'fairness.json'), `${JSON.stringify(run, null, 2)}\n`)
  writeFileSync(join(folder, 'fairness.md'), pageOf(run))
}

/**
 * The newest below `load/results`, and its folder, counted from the repository's root; nothing where
 * there is none.
 */
export const newestFairness = (root: string): { folder: string; run: Fairness } | undefined =>
  globSync('load/results/*-fairness*', { cwd: root })
    .map((folder) => ({ folder, run: readFairness(join(root, folder)) }))
    .sort((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1))
    .at(0)

/** Written by `writeFairness`. */
const readFairness = (folder: string): Fairness =>
  JSON.parse(readFileSync(join(folder, 'fairness.json'), 'utf8')) as Fairness

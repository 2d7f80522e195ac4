import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

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

/**
 * The newest below `load/results`, and its folder, counted from the repository's root; nothing where
 * there is none.
 */
export const newestFairness = (root: string): { folder: string; run: Fairness } | undefined =>
  globSync('load/results/*-fairness*', { cwd: root })
    .map((folder) => ({ folder, run: readFairness(join(root, folder)) }))
    .sort((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1))
    .at(0)

/** Written by `writeFairness` in write-fairness.ts. */
const readFairness = (folder: string): Fairness =>
  JSON.parse(readFileSync(join(folder, 'fairness.json'), 'utf8')) as Fairness

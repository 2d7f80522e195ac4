import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The record of `npm run lab -- fairness`: the order of arrival and of success. */

export type Round = {
  /** Of M1. */
  variant: string
  /** Buyers per second. */
  buyers: number
  /** Buyers in each tenth of the arrivals, and the successful ones among them. */
  came: readonly number[]
  won: readonly number[]
  /** Of all pairs of a successful and a rejected order, the share in which the rejected one was first. */
  inversions: number
  /** The failed threshold if the round is void: `dropped_iterations count==0`. */
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
 * The newest run in `load/results`, and its folder relative to the repository's root; undefined if
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

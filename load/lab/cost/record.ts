import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample } from './work.ts'

/** The record of `npm run cost` under `load/results`. */

export type CostKind = 'layers' | 'gateway' | 'purchase'

/** The samples of one rotation, each with a sample of the bare route. */
export type Rotation = { name: string; samples: readonly Sample[] }

export type CostRun = {
  kind: CostKind
  commit: string
  /** ISO 8601. */
  startedAt: string
  machine: string
  node: string
  /** Connections of the load generator, each with one request in flight. */
  connections: number
  sliceMs: number
  rotations: readonly Rotation[]
}

export const writeCostRun = (folder: string, run: CostRun): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'cost.json'), `${JSON.stringify(run, null, 2)}\n`)
}

/** The newest accepted run of a kind and its folder below the repository's root, if there is one. */
export const newestCostRun = (
  root: string,
  kind: CostKind,
): { folder: string; run: CostRun } | undefined =>
  globSync(`load/results/*-cost-${kind}*`, { cwd: root })
    .map((folder) => ({ folder, run: readCostRun(join(root, folder)) }))
    .sort((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1))
    .at(0)

/** Written by `writeCostRun`. */
const readCostRun = (folder: string): CostRun =>
  JSON.parse(readFileSync(join(folder, 'cost.json'), 'utf8')) as CostRun

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fairness } from './record.ts'
import { pageOf } from './report.ts'

/** Writes every round as JSON, and a page in Markdown. */
export const writeFairness = (folder: string, run: Fairness): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'fairness.json'), `${JSON.stringify(run, null, 2)}\n`)
  writeFileSync(join(folder, 'fairness.md'), pageOf(run))
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Counts } from './tap-counts.ts'

/** The result file of a test run, and its console summary. */

export type Report = Counts & { files: { file: string; ms: number }[] }

export const emptyReport = (): Report => ({ passed: 0, failed: 0, skipped: [], files: [] })

/** Path in the folder of a workspace; Turborepo caches this file. */
const reportFile = (folder: string, task: string): string =>
  join(folder, '.turbo', `${task.replace(':', '-')}.json`)

export const writeReport = (folder: string, task: string, report: Report): void => {
  const file = reportFile(folder, task)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(report))
}

/** Undefined if there is none: no test ran in the workspace. */
export const readReport = (folder: string, task: string): Report | undefined => {
  try {
    return JSON.parse(readFileSync(reportFile(folder, task), 'utf8')) as Report
  } catch {
    return undefined
  }
}

export const sumOf = (reports: readonly Report[]): Report => ({
  passed: reports.reduce((sum, { passed }) => sum + passed, 0),
  failed: reports.reduce((sum, { failed }) => sum + failed, 0),
  skipped: reports.flatMap(({ skipped }) => skipped),
  files: reports.flatMap(({ files }) => files),
})

export const removeReport = (folder: string, task: string): void =>
  rmSync(reportFile(folder, task), { force: true })

const slowestShown = 10

/** Prints skipped and slow tests and the counts. Returns the exit code. */
export const tell = (
  { passed, failed, skipped, files }: Report,
  { code, requireAll }: { code: number; requireAll: boolean },
): number => {
  for (const title of skipped) console.log(`SKIPPED: ${title}`)
  let failures = failed + (requireAll ? skipped.length : 0)
  if (code !== 0 && failures === 0) {
    console.log(`The tests ended with exit code ${code}, but no test failed: see above.`)
    failures = 1
  }
  if (passed + failures === 0)
    console.log('No test ran. Name existing test files, or omit FILES to run all.')
  const slowest = files.toSorted((a, b) => b.ms - a.ms).slice(0, slowestShown)
  if (files.length > slowestShown)
    console.log(`\nSlowest files:\n${slowest.map(inLine).join('\n')}`)
  console.log(`\n${passed} passed, ${failures} failed`)
  return passed > 0 && failures === 0 ? 0 : 1
}

const inLine = ({ file, ms }: Report['files'][number]): string =>
  `${(ms / 1_000).toFixed(1).padStart(7)} s  ${file}`

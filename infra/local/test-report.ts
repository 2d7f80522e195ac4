import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Counts } from './tap-counts.ts'

/** The result file of a test run, and its console summary. */

export type Report = Counts & { files: FileTime[] }

/** The times of a test file, in milliseconds; see `FileResult`. */
export type FileTime = { file: string; ms: number; cpuMs?: number | undefined }

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

const filesShown = 10

/** The times of the whole run, in milliseconds. */
export type Times = { ms: number; cpuMs: number | undefined }

export type Ended = {
  report: Report
  /** The exit code of Turborepo, or 0. */
  code: number
  requireAll: boolean
  times: Times
}

/** Prints the skipped tests, the slowest files and the counts. Returns the exit code. */
export const tell = ({ report, code, requireAll, times }: Ended): number => {
  const { passed, failed, skipped, files } = report
  for (const title of skipped) console.log(`SKIPPED: ${title}`)
  let failures = failed + (requireAll ? skipped.length : 0)
  if (code !== 0 && failures === 0) {
    console.log(`The tests ended with exit code ${code}, but no test failed: see above.`)
    failures = 1
  }
  if (passed + failures === 0)
    console.log('No test ran. Name existing test files, or omit FILES to run all.')
  if (files.length > filesShown) console.log(costsOf(files))
  console.log(`\n${timesInWords(times)}`)
  console.log(`\n${passed} passed, ${failures} failed`)
  return passed > 0 && failures === 0 ? 0 : 1
}

/** The files that took the most time, and those that took the most CPU time. */
const costsOf = (files: readonly FileTime[]): string =>
  [
    `\nSlowest files:`,
    ...most(files, ({ ms }) => ms),
    '\nFiles with the most CPU time:',
    ...most(files, ({ cpuMs = 0 }) => cpuMs),
  ].join('\n')

const most = (files: readonly FileTime[], msOf: (file: FileTime) => number): string[] =>
  files
    .toSorted((a, b) => msOf(b) - msOf(a))
    .slice(0, filesShown)
    .map((file) => `${(msOf(file) / 1_000).toFixed(1).padStart(7)} s  ${file.file}`)

const timesInWords = ({ ms, cpuMs }: Times): string =>
  cpuMs === undefined
    ? `It took ${inMinutes(ms)}.`
    : `It took ${inMinutes(ms)}, and ${inMinutes(cpuMs)} of CPU time.`

const inMinutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} minutes`

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from './journal.ts'
import type { Summary } from './summary.ts'
import { writeReports } from './write-reports.ts'

/**
 * Judges the raw slices of a run by the current rules, and rewrites its summary and its reports. The
 * raw slices do not change.
 */
export const rejudge = (folder: string): Summary => {
  const isOver = existsSync(join(folder, 'raw.jsonl.gz'))
  return writeReports(folder, readJournal(folder), !isOver)
}

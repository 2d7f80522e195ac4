import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from './journal.ts'
import type { Summary } from './summary.ts'
import { judge } from './verdict/judge.ts'
import { writeReports } from './write-reports.ts'

/**
 * Judges the raw slices of a run by the current rules, and rewrites its summary and its reports. The
 * raw slices do not change.
 */
export const rejudge = (folder: string): Summary => {
  const { header, records } = readJournal(folder)
  const summary = judge(header, records)
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  const isOver = existsSync(join(folder, 'raw.jsonl.gz'))
  writeReports(
    folder,
    { header, records, summary },
    isOver ? undefined : 'The run was interrupted.',
  )
  return summary
}

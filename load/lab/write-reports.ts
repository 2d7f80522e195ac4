import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded } from './journal.ts'
import { htmlReport } from './report/html-report.ts'
import { markdownReport } from './report/markdown-report.ts'
import type { Summary } from './summary.ts'
import { judge } from './verdict/judge.ts'

/** Judges a run, and writes its summary and its report as HTML and as Markdown. */
export const writeReports = (
  folder: string,
  { header, records }: Recorded,
  isInterrupted: boolean,
): Summary => {
  const summary = judge(header, records)
  const run = { header, records, summary }
  const options = isInterrupted ? { incomplete: 'The run was interrupted.' } : {}
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  writeFileSync(join(folder, 'report.html'), htmlReport([run], options))
  writeFileSync(join(folder, 'report.md'), markdownReport([run], options))
  return summary
}

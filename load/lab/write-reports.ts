import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportRun } from './report/evidence.ts'
import { htmlReport } from './report/html-report.ts'
import { markdownReport } from './report/markdown-report.ts'

/** Writes the report as HTML and as Markdown. */
export const writeReports = (folder: string, run: ReportRun, incomplete?: string): void => {
  const options = incomplete === undefined ? {} : { incomplete }
  writeFileSync(join(folder, 'report.html'), htmlReport([run], options))
  writeFileSync(join(folder, 'report.md'), markdownReport([run], options))
}

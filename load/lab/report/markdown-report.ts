import { markdownText, type Table, tableMarkdown } from '@flash-deal/local/markdown-table'
import { type Evidence, evidenceOf, type ReportOptions, type ReportRun } from './evidence.ts'
import { limitsOf } from './limits.ts'
import { figureWords, loadSentence, titleOf, verdictSentence } from './phrases.ts'
import { armTable, costTable, countTable, latencyTable, useTable } from './tables/arms.ts'
import { conditionTable } from './tables/conditions.ts'
import { countedTables } from './tables/counted.ts'
import { transferTable } from './tables/transfer.ts'
import { refusalTable, verdictTable } from './tables/verdicts.ts'

/** The report in Markdown, without charts. Each run has its own part. */
export const markdownReport = (runs: readonly ReportRun[], options: ReportOptions = {}): string =>
  `${runs.map((run) => partOf(evidenceOf(run), options)).join('\n\n')}\n`

const partOf = (evidence: Evidence, options: ReportOptions): string => {
  const { header, summary } = evidence
  const { incomplete } = options
  return [
    `# ${markdownText(titleOf(header))}`,
    ...(incomplete === undefined ? [] : [`> **Incomplete.** ${markdownText(incomplete)}`]),
    ...summary.comparisons.map((it) => `**${markdownText(verdictSentence(header, it))}**`),
    markdownText(`${loadSentence(header)} Judged by ${figureWords(header)}.`),
    ...tablesOf(evidence).map(tableMarkdown),
    '## Limits of this evidence',
    limitsOf(evidence, options)
      .map((limit) => `- ${markdownText(limit)}`)
      .join('\n'),
  ].join('\n\n')
}

const tablesOf = (evidence: Evidence): Table[] =>
  [
    verdictTable(evidence),
    ...countedTables(evidence.summary),
    ...[armTable, useTable, costTable, countTable, transferTable].map((table) => table(evidence)),
    ...[latencyTable, refusalTable, conditionTable].map((table) => table(evidence)),
  ].filter(({ rows }) => rows.length > 0)

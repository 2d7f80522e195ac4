import { type ScenarioId, scenarioOf } from '@flash-deal/config'
import { tableMarkdown, text } from '@flash-deal/local/markdown-table'
import type { LinesSince } from '../files/stale.ts'
import { remarkOn } from './changed-flags.ts'
import { linkTo } from './link.ts'
import { isDecided, notYet, sinceWords } from './measured.ts'
import { type Result, resultsFolder } from './results.ts'

/** Five verdicts for the README: faster, slower, and without a significant difference. */

type Highlight = { id: ScenarioId; measurement: string; variant: string }

const highlights: readonly Highlight[] = [
  { id: 'E2', measurement: 'e2', variant: 'optimized' },
  { id: 'M1', measurement: 'm1-orders', variant: 'optimized' },
  { id: 'M6', measurement: 'm6', variant: 'optimized' },
  { id: 'E5', measurement: 'e5', variant: 'optimized' },
  { id: 'E5', measurement: 'e5', variant: '64' },
]

/**
 * @param results of all scenarios, newest first
 * @param from the page, relative to the root
 * @param lines the number of changed lines in the code of a result since it was measured
 */
export const highlightsText = (
  results: readonly Result[],
  from: string,
  lines: LinesSince,
): string => {
  const found = highlights.flatMap((highlight) => findingsOf(highlight, results, { from, lines }))
  if (found.length === 0) return notYet
  return [
    tableMarkdown({
      caption: 'Requests or orders a second, compared with the baseline',
      columns: [text('scenario'), text('variant'), text('verdict'), text('its code')],
      rows: found.map(({ row }) => row),
    }),
    chartOf(found.filter(({ isDrawn }) => isDrawn)),
    `From ${[...new Set(found.map(({ link }) => link))].join(', ')}.`,
    ...new Set(found.flatMap(({ remark }) => remark)),
  ].join('\n\n')
}

type Finding = {
  label: string
  ratio: number
  /** Whether the verdict has a ratio for the chart. */
  isDrawn: boolean
  row: string[]
  link: string
  remark: string[]
}

const findingsOf = (
  { id, measurement, variant }: Highlight,
  results: readonly Result[],
  { from, lines }: { from: string; lines: LinesSince },
): Finding[] => {
  const result = results.find((each) => each.id === id && each.measurement === measurement)
  const comparison = result?.summary.comparisons.find(({ arm }) => arm === variant)
  if (!result || !comparison?.found) return []
  const { title, variants } = scenarioOf(id)
  const remark = remarkOn(result)
  return [
    {
      label: `${id} ${variant}`,
      ratio: comparison.found.ratio,
      isDrawn: isDecided(comparison.verdict) && !comparison.trend?.isFound,
      row: [
        `${id}: ${title}`,
        variants[variant] ?? variant,
        comparison.verdict.sentence,
        sinceWords(lines(result, variant)),
      ],
      link: linkTo(result.name, `${resultsFolder}/${result.name}/report.md`, from),
      remark: remark === undefined ? [] : [`${id}: ${remark}`],
    },
  ]
}

/** A bar chart that Markdown viewers draw (mermaid). */
const chartOf = (found: readonly Finding[]): string =>
  [
    '```mermaid',
    'xychart-beta horizontal',
    '  title "Speed over the baseline (1 is equal)"',
    `  x-axis [${found.map(({ label }) => `"${label}"`).join(', ')}]`,
    `  y-axis "ratio" 0 --> ${Math.ceil(Math.max(...found.map(({ ratio }) => ratio)))}`,
    `  bar [${found.map(({ ratio }) => ratio.toFixed(2)).join(', ')}]`,
    '```',
  ].join('\n')

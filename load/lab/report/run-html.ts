import type { Table } from '@flash-deal/local/markdown-table'
import { armLegend, legendHtml } from './arm-styles.ts'
import { chartSvg, type Drawing } from './charts/chart.ts'
import { costChart, processLegend } from './charts/cost.ts'
import { distributionChart } from './charts/distribution.ts'
import { ladderChart } from './charts/ladder.ts'
import { latencyChart } from './charts/latency.ts'
import { forestChart } from './charts/ratios.ts'
import { scaleChart } from './charts/scale.ts'
import { slicesChart } from './charts/slices.ts'
import type { Evidence, ReportOptions } from './evidence.ts'
import { type Html, html, nothing } from './html.ts'
import { limitsOf } from './limits.ts'
import { figureWords, loadSentence } from './phrases.ts'
import { tableHtml } from './table-html.ts'
import { armTable, costTable, countTable, latencyTable, useTable } from './tables/arms.ts'
import { conditionTable } from './tables/conditions.ts'
import { countedTables } from './tables/counted.ts'
import { transferTable } from './tables/transfer.ts'
import { refusalTable, restartTable, sliceTable, verdictTable } from './tables/verdicts.ts'

/** One run as a part of the page. */
export const runHtml = (evidence: Evidence, options: ReportOptions, index: number): Html => {
  const { header } = evidence
  return html`<article aria-labelledby="run-${index + 1}">
<h2 id="run-${index + 1}">${header.id} under ${header.load.mode} load</h2>
<p class="lead">${loadSentence(header)} Judged by ${figureWords(header)}.</p>
${sectionsOf(evidence).map(sectionHtml)}
<section class="limits">
<h3>Limits of this evidence</h3>
<ul>${limitsOf(evidence, options).map((limit) => html`<li>${limit}</li>`)}</ul>
</section>
${sectionHtml({ heading: 'Conditions', tables: [conditionTable(evidence)] })}
</article>
`
}

type Section = {
  heading: string
  words?: string
  chart?: Drawing | undefined
  legend?: Html
  tables?: readonly Table[]
  /** The chart's figures as a table. */
  behind?: Table
}

const sectionsOf = (evidence: Evidence): Section[] => [
  ...ratioSections(evidence),
  ...ladderSection(evidence),
  ...countedSection(evidence),
  ...latencySection(evidence),
  ...systemSections(evidence),
]

const ratioSections = (evidence: Evidence): Section[] => {
  const { header } = evidence
  const hollow = { sign: '○', colour: 'var(--ink)', name: 'hollow: does not count' }
  const words = figureWords(header)
  return [
    {
      heading: 'Speed over the baseline',
      words:
        'The mean of neighbouring pairs, with the interval over the restarts. The A/A check compares two equal arms: its ratio is the effect of the machine.',
      chart: forestChart(evidence),
      tables: [verdictTable(evidence)],
    },
    {
      heading: 'Every slice in the order of time',
      chart: slicesChart(evidence),
      legend: legendHtml([...armLegend(header.arms), hollow]),
      tables: [refusalTable(evidence)],
      behind: sliceTable(evidence, `Mean over the slices that count: ${words}`),
    },
    {
      heading: 'Ratio of each restart',
      words: 'The intervals are computed from these values: one for each restart.',
      chart: distributionChart(evidence),
      behind: restartTable(evidence),
    },
  ]
}

const countedSection = ({ summary }: Evidence): Section[] => {
  const tables = countedTables(summary)
  if (tables.length === 0) return []
  const words =
    'Counted before the load, for a unit of work. The counts of PostgreSQL are the same each time. Times and rates vary; they come from one run unless the caption names a number of runs.'
  return [{ heading: 'Counted without load', words, tables }]
}

/** A curve if the arms differ in one number; otherwise a row for each arm. */
const ladderSection = (evidence: Evidence): Section[] => {
  const curve = scaleChart(evidence)
  const chart = curve ?? ladderChart(evidence)
  if (chart === undefined) return []
  const words =
    'The mean over the restarts of each arm, with its 95 % interval. It is wider than that of a ratio, because restarts differ more than neighbouring slices.'
  return [{ heading: curve ? 'The curve' : 'The ladder', words, chart }]
}

const latencySection = (evidence: Evidence): Section[] => [
  {
    heading: 'Latency',
    words: 'A quantile is shown only if at least a hundred responses lie beyond it.',
    chart: latencyChart(evidence),
    legend: legendHtml(armLegend(evidence.header.arms)),
    tables: [latencyTable(evidence)],
  },
]

const systemSections = (evidence: Evidence): Section[] => [
  {
    heading: 'CPU by process',
    words: 'Databases are part of the system; the generator is not.',
    chart: costChart(evidence),
    legend: legendHtml(processLegend(evidence.summary.arms)),
    tables: [costTable(evidence)],
  },
  { heading: 'Counts', tables: [countTable(evidence), transferTable(evidence)] },
  { heading: 'Arms', tables: [armTable(evidence), useTable(evidence)] },
]

const sectionHtml = ({ heading, words, chart, legend, tables = [], behind }: Section): Html => html`
<section>
<h3>${heading}</h3>
${words === undefined ? nothing : html`<p>${words}</p>`}
${chart ? figureHtml(chart, legend ?? nothing) : nothing}
${tables.filter(hasRows).map(tableHtml)}
${behind && hasRows(behind) ? html`<details><summary>${behind.caption}, as a table</summary>${tableHtml(behind)}</details>` : nothing}
</section>`

const hasRows = ({ rows }: Table): boolean => rows.length > 0

const figureHtml = (chart: Drawing, legend: Html): Html => html`<figure>
${legend}
${chart.onNarrow ? html`${regionHtml(chart, 'scroll on-page')}${regionHtml(chart.onNarrow, 'scroll on-narrow')}` : regionHtml(chart, 'scroll')}
</figure>`

const regionHtml = (chart: Drawing, classes: string): Html =>
  html`<div class="${classes}" role="region" aria-label="Chart: ${chart.title}" tabindex="0">${chartSvg(chart)}</div>`

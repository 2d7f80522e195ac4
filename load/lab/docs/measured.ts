import { variantsOf } from '@flash-deal/config'
import {
  figures,
  markdownText,
  type Table,
  tableMarkdown,
  text,
} from '@flash-deal/local/markdown-table'
import type { LinesSince } from '../files/stale.ts'
import { totalCost } from '../report/charts/cost.ts'
import { none, oneDecimal, orNone, whole } from '../report/numbers.ts'
import { figureWords, loadSentence } from '../report/phrases.ts'
import { countedTables } from '../report/tables/counted.ts'
import { transferTable } from '../report/tables/transfer.ts'
import { subjects } from '../subjects/index.ts'
import type { Comparison, Summary } from '../summary.ts'
import { remarkOn } from './changed-flags.ts'
import { linkTo } from './link.ts'
import { type Result, resultsFolder } from './results.ts'
import { targetsText } from './targets.ts'

/** The results of a scenario: the newest result of each measurement, and links to older ones. */

export const notYet = 'Not measured yet.'

/**
 * @param results of one scenario, newest first
 * @param from the file with the text, relative to the repository's root
 * @param lines the number of changed lines in the code of a result since it was measured
 */
export const measuredText = (
  results: readonly Result[],
  from: string,
  lines: LinesSince,
): string =>
  results.length === 0
    ? notYet
    : [
        ...measurementsOf(results).map((same) => partOf(same, from, lines)),
        ...missingIn(results),
      ].join('\n\n')

/** The variants and measurements of the scenario without a result. */
const missingIn = (results: readonly Result[]): string[] => {
  const [newest] = results
  if (newest === undefined) return []
  const compared = results.flatMap(({ summary }) => summary.comparisons.map(({ arm }) => arm))
  const missing = [
    ...variantsOf(newest.id).filter((each) => each !== 'baseline' && !compared.includes(each)),
    ...subjects
      .filter(({ id, sameVariant }) => id === newest.id && sameVariant === undefined)
      .filter(({ name }) => results.every((it) => it.measurement !== name))
      .map(({ name }) => name),
  ]
  return missing.length === 0
    ? []
    : [`Not measured yet: ${missing.map((name) => `\`${name}\``).join(', ')}.`]
}

/** The results by measurement, in order of their names, so that the scenario's main one comes first. */
export const measurementsOf = (results: readonly Result[]): Result[][] =>
  [...Map.groupBy(results, ({ measurement }) => measurement)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, same]) => same)

const partOf = ([newest, ...older]: readonly Result[], from: string, lines: LinesSince): string => {
  if (newest === undefined) return ''
  const { measurement, summary } = newest
  const targets = subjects.find(({ name }) => name === measurement)?.targets ?? []
  const caption = `${measurement}: ${loadSentence(summary.run)} Judged by ${figureWords(summary.run)}.`
  const more = [transferTable({ summary }), ...countedTables(summary)]
  return [
    tableMarkdown(tableOf(newest, caption, lines)),
    ...targetsText(targets, summary.comparisons).flatMap((sentence) => ['', sentence]),
    ...more.filter(({ rows }) => rows.length > 0).flatMap((table) => ['', tableMarkdown(table)]),
    ['', sourceOf(newest, from), ...remarks(newest), ...olderOf([newest, ...older], from)].join(
      '\n',
    ),
  ].join('\n')
}

const tableOf = (result: Result, caption: string, lines: LinesSince): Table => ({
  caption,
  columns: [
    text('Variant'),
    text('Verdict'),
    figures('Share of the ceiling [95 %]'),
    figures('CPU for a unit of work, µs: baseline → variant'),
    text('Its code'),
  ],
  rows: result.summary.comparisons.map((comparison) => [
    ...rowOf(comparison, result.summary),
    sinceWords(lines(result, comparison.arm)),
  ]),
})

/** `npm run docs -- --check` ignores this number, because any commit can change it. */
export const sinceWords = (lines: number | undefined): string =>
  `${lines === undefined ? 'unknown' : whole(rounded(lines))} lines changed since`

/** Numbers from 100 have one significant digit, so that few commits change the page; `lab stale` is exact. */
const rounded = (lines: number): number => (lines < 100 ? lines : Number(lines.toPrecision(1)))

export const withoutSince = (page: string): string =>
  page.replace(/(?:[\d,]+|unknown) lines changed since/g, 'lines changed since')

/** Without a verdict no figures are shown. */
const rowOf = ({ arm, verdict, againstCeiling }: Comparison, summary: Summary): string[] =>
  isDecided(verdict)
    ? [arm, verdict.sentence, orNone(againstCeiling, share), costsOf(arm, summary)]
    : [arm, inBrief(verdict.sentence), none, none]

/** The first of several reasons. */
const inBrief = (sentence: string): string => {
  const [first = '', ...more] = sentence.split(/; (?=[\w -]+: )/)
  return more.length === 0 ? first : `${first}; ${more.length} more reasons in the report`
}

export const isDecided = ({ kind }: Comparison['verdict']): boolean =>
  kind !== 'INVALID' && kind !== 'inconclusive'

/** `49 % [47..51]`. */
const share = (of: { ratio: number; low: number; high: number }): string => {
  const [ratio, low, high] = [of.ratio, of.low, of.high].map((each) => whole(each * 100))
  return `${ratio} % [${low}..${high}]`
}

const costsOf = (name: string, { arms }: Summary): string =>
  [arms.find(({ role }) => role === 'baseline'), arms.find((arm) => arm.name === name)]
    .map((arm) => orNone(arm, (it) => oneDecimal(totalCost(it))))
    .join(' → ')

/** The source of the figures, and the ceiling if there is one. */
const sourceOf = ({ name, summary }: Result, from: string): string => {
  const { commit, machine, startedAt } = summary.run
  return [
    `Measured on ${startedAt.slice(0, 10)}, commit ${shortened(commit)},`,
    `${markdownText(machine.cpu)} with ${machine.cores} cores:`,
    `${linkTo('report', `${resultsFolder}/${name}/report.md`, from)},`,
    `${linkTo('all files', `${resultsFolder}/${name}`, from)}.`,
    ...(summary.ending === undefined
      ? []
      : [`It stopped after ${summary.restarts} restarts: ${summary.ending}.`]),
    ...timeoutIn(summary),
    ...ceilingIn(summary),
  ].join(' ')
}

/** Shortens a commit's hash; keeps the suffix for uncommitted changes. */
export const shortened = (commit: string): string => commit.replace(/^(\w{7})\w+/, '$1')

/** A longer timeout than the default turns errors of a busy disk into latency. */
const timeoutIn = ({ run }: Summary): string[] => {
  const { QUERY_TIMEOUT_MS: ms } = run.settings
  return ms === undefined ? [] : [`It ran with \`QUERY_TIMEOUT_MS=${ms}\`, not the default.`]
}

const ceilingIn = ({ run, comparisons }: Summary): string[] => {
  const { ceiling } = run.settings
  if (ceiling === undefined || !run.arms.some(({ role }) => role === 'ceiling')) return []
  const isHeld = comparisons.some(({ againstCeiling }) => againstCeiling !== undefined)
  return [
    isHeld
      ? `The ceiling is ${markdownText(ceiling)}.`
      : `The ceiling, ${markdownText(ceiling)}, has too few slices that count; the report says why.`,
  ]
}

const remarks = (result: Result): string[] => {
  const remark = remarkOn(result)
  return remark === undefined ? [] : [remark]
}

/** If runs of a measurement have different verdicts, all are shown, oldest first. */
const olderOf = (all: readonly Result[], from: string): string[] => {
  if (all.length < 2) return []
  const runs = all.toReversed()
  const arms = new Set(runs.flatMap(({ summary }) => summary.comparisons.map(({ arm }) => arm)))
  const verdicts = [...arms].map((arm) => {
    const found = runs.flatMap(
      ({ summary }) => summary.comparisons.find((it) => it.arm === arm) ?? [],
    )
    return `\`${arm}\` ${found.map(ratioIn).join(', ')}`
  })
  const links = runs.map(({ name }) => linkTo(name, `${resultsFolder}/${name}/report.md`, from))
  return [`All runs, the oldest first: ${verdicts.join('; ')} (${links.join(', ')}).`]
}

const ratioIn = ({ verdict, found, trend }: Comparison): string => {
  if (found === undefined || !isDecided(verdict)) return verdict.kind
  return trend?.isFound ? 'drifting' : `×${found.ratio.toFixed(2)}`
}

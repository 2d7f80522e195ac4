import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import { mean } from '../../stats/mean.ts'
import type { Comparison } from '../../summary.ts'
import type { AaCheck } from '../../verdict/aa-check.ts'
import { type Evidence, figureOf, ratiosOf } from '../evidence.ts'
import { interval, milliseconds, none, orNone, percent, probability, whole } from '../numbers.ts'

/** The tables of verdicts and ratios. */

export const verdictTable = ({
  summary: { comparisons, aaCheck },
  aaCheck: repeat,
}: Evidence): Table => ({
  caption: 'Verdicts: speed over the baseline',
  columns: [
    text('Arm'),
    text('Verdict'),
    figures('Ratio [95 %]'),
    figures('Share of the ceiling [95 %]'),
    figures('CPU ratio [95 %]'),
    text('Behind it'),
    figures('p (Holm)'),
    figures('Restarts, pairs'),
    figures('Detectable'),
  ],
  rows: [
    ...comparisons.map(comparisonRow),
    ...(aaCheck && repeat ? [aaCheckRow(repeat.name, interval(repeat.found), aaCheck)] : []),
  ],
})

const comparisonRow = (it: Comparison): string[] => [
  it.arm,
  it.verdict.kind,
  orNone(it.found, (found) => (it.trend?.isFound ? 'drifts' : interval(found))),
  orNone(it.againstCeiling, interval),
  orNone(it.cost, interval),
  it.explanation ?? none,
  orNone(it.adjustedP, probability),
  orNone(it.found, ({ restarts, pairs }) => `${whole(restarts)}, ${whole(pairs)}`),
  orNone(it.found?.detectable, (share) => `≥ ${percent(share)}`),
]

const aaCheckRow = (name: string, found: string, aaCheck: AaCheck): string[] => [
  `${name} (A/A check)`,
  aaCheckWords(aaCheck),
  found,
  none,
  none,
  none,
  none,
  `${whole(aaCheck.restarts)}, ${whole(aaCheck.pairs)}`,
  none,
]

/** "no difference" only if both intervals contain 1. */
export const aaCheckWords = (aaCheck: AaCheck): string => {
  const { ratio, at95, containsOne, resolution } = aaCheck
  if (!containsOne) return `equal arms differ at 99 %: ${interval(aaCheck)}`
  return at95.low <= 1 && at95.high >= 1
    ? `no difference between equal arms found; resolves ${percent(resolution)}`
    : `equal arms differ at 95 %, ${interval({ ratio, ...at95 })}, and not at 99 %; resolves ${percent(resolution)}`
}

/** The mean ratio of each restart, with a column for each comparison. */
export const restartTable = (evidence: Evidence): Table => {
  const rows = ratiosOf(evidence)
  const most = Math.max(0, ...rows.map(({ found }) => found.restarts))
  return {
    caption: 'Mean ratio of each restart that has pairs',
    columns: [text('Restart'), ...rows.map(({ name }) => figures(name))],
    rows: Array.from({ length: most }, (_, at) => [
      `${at + 1}`,
      ...rows.map(({ found }) => orNone(found.restartMeans[at], (ratio) => ratio.toFixed(2))),
    ]),
  }
}

/** The mean of the judged figure over the slices that count, by restart and arm. */
export const sliceTable = ({ header, valid }: Evidence, caption: string): Table => {
  const print = header.figure === 'rate' ? whole : milliseconds
  const restarts = [...new Set(valid.map(({ restart }) => restart))]
  const cell = (restart: number, arm: string): string => {
    const own = valid.filter((slice) => slice.restart === restart && slice.arm === arm)
    const found = own.flatMap((slice) => figureOf(slice, header) ?? [])
    return found.length > 0 ? print(mean(found)) : none
  }
  return {
    caption,
    columns: [text('Restart'), ...header.arms.map(({ name }) => figures(name))],
    rows: restarts.map((restart) => [
      `${restart + 1}`,
      ...header.arms.map(({ name }) => cell(restart, name)),
    ]),
  }
}

/** The slices that do not count. No slice is excluded because of its result. */
export const refusalTable = ({ summary: { slices } }: Evidence): Table => ({
  caption: 'Slices that do not count',
  columns: [text('Arm'), text('Precondition'), figures('Slices'), text('Reason of the first')],
  rows: slices.refused.map((it) => [it.arm, it.precondition, whole(it.slices), it.reason]),
})

import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { CountedTable, Summary } from '../../summary.ts'
import { brief, none, orNone } from '../numbers.ts'

/** A table for each counting experiment, which has no load and no restarts. */
export const countedTables = ({ counted = [] }: Pick<Summary, 'counted'>): Table[] =>
  counted.map(tableOf)

const tableOf = ({ caption, rows }: CountedTable): Table => {
  const names = [...new Set(rows.flatMap((row) => Object.keys({ ...row.counts, ...row.ranges })))]
  const hasWays = rows.some(({ ways }) => ways.length > 0)
  const hasNotes = rows.some(({ notCompared }) => notCompared)
  return {
    caption: `${caption}${runsIn(rows)}`,
    columns: [
      text(''),
      ...(hasWays ? [text('Reads by')] : []),
      ...names.map(figures),
      ...(hasNotes ? [text('Not compared, because')] : []),
    ],
    rows: rows.map((row) => [
      row.name,
      ...(hasWays ? [row.ways.join('; ') || none] : []),
      ...names.map((name) => cellOf(row, name)),
      ...(hasNotes ? [row.notCompared ?? ''] : []),
    ]),
  }
}

type Row = CountedTable['rows'][number]

/** Times and rates of a row that refuses work are not shown beside those of other rows. */
const cellOf = ({ counts, ranges, notCompared }: Row, name: string): string => {
  const range = ranges?.[name]
  if (range === undefined) return orNone(counts[name], brief)
  return notCompared === undefined
    ? `${brief(range.median)} [${brief(range.least)}..${brief(range.most)}]`
    : none
}

const runsIn = (rows: readonly Row[]): string => {
  const [range] = rows.flatMap(({ ranges = {} }) => Object.values(ranges))
  return range ? `: median [least..most] of ${range.runs} runs in random order` : ''
}

import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { CountedTable, Summary } from '../../summary.ts'
import { brief, none, orNone } from '../numbers.ts'

/** What was counted once, without load and restarts: a table for each experiment. */
export const countedTables = ({ counted = [] }: Pick<Summary, 'counted'>): Table[] =>
  counted.map(tableOf)

const tableOf = ({ caption, rows }: CountedTable): Table => {
  const names = [...new Set(rows.flatMap(({ counts }) => Object.keys(counts)))]
  const hasWays = rows.some(({ ways }) => ways.length > 0)
  return {
    caption,
    columns: [text(''), ...(hasWays ? [text('Reads by')] : []), ...names.map(figures)],
    rows: rows.map(({ name, ways, counts }) => [
      name,
      ...(hasWays ? [ways.join('; ') || none] : []),
      ...names.map((each) => orNone(counts[each], brief)),
    ]),
  }
}

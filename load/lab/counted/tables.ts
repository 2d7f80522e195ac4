import type { Counted, RawRecord } from '../record.ts'
import { quantile } from '../stats/quantile.ts'
import type { CountedTable, Range } from '../summary.ts'
import { figuresOf, waysOf } from './plan.ts'

/** The tables of the counting experiments, for a unit of work, in the order of the records. */
export const countedTables = (records: readonly RawRecord[]): CountedTable[] => {
  const counted = records.filter((record) => record.kind === 'counted')
  return [...Map.groupBy(counted, ({ table }) => table)].map(([caption, rows]) => ({
    caption,
    rows: rows.map(rowOf),
  }))
}

const rowOf = ({
  row,
  plan,
  per,
  also,
  runs,
  refused = 0,
}: Counted): CountedTable['rows'][number] => ({
  name: row,
  ways: plan ? waysOf(plan) : [],
  counts: Object.fromEntries([
    ...Object.entries(plan ? figuresOf(plan) : {}).map(([name, figure]) => [name, figure / per]),
    ...Object.entries(also).map(([name, { counted, per }]) => [name, counted / per]),
  ]),
  ...(runs && { ranges: rangesOf(runs) }),
  ...(refused > mostRefused && {
    notCompared: `${(100 * refused).toFixed(1)} % of the requests were refused`,
  }),
})

/** Above this share ranges are not compared: an arm that refuses work is faster with the rest. */
const mostRefused = 0.01

const rangesOf = (runs: NonNullable<Counted['runs']>): Record<string, Range> =>
  Object.fromEntries(
    Object.entries(runs).map(([name, figures]) => {
      const ascending = figures.toSorted((one, other) => one - other)
      const [least = 0, most = 0] = [ascending[0], ascending.at(-1)]
      return [name, { median: quantile(ascending, 0.5), least, most, runs: ascending.length }]
    }),
  )

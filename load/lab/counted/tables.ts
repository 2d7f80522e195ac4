import type { Counted, RawRecord } from '../record.ts'
import type { CountedTable } from '../summary.ts'
import { figuresOf, waysOf } from './plan.ts'

/** The tables of what was counted once, for a unit of work; in the order of the records. */
export const countedTables = (records: readonly RawRecord[]): CountedTable[] => {
  const counted = records.filter((record) => record.kind === 'counted')
  return [...Map.groupBy(counted, ({ table }) => table)].map(([caption, rows]) => ({
    caption,
    rows: rows.map(rowOf),
  }))
}

const rowOf = ({ row, plan, per, also }: Counted): CountedTable['rows'][number] => ({
  name: row,
  ways: plan ? waysOf(plan) : [],
  counts: Object.fromEntries([
    ...Object.entries(plan ? figuresOf(plan) : {}).map(([name, figure]) => [name, figure / per]),
    ...Object.entries(also).map(([name, { counted, per }]) => [name, counted / per]),
  ]),
})

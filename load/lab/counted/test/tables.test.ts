import t from 'tap'
import type { Counted } from '../../record.ts'
import { simulated } from '../../verdict/test/simulate.ts'
import { countedTables } from '../tables.ts'

/** What was counted once, as tables. */

const counted = (table: string, row: string, more: Partial<Counted> = {}): Counted => ({
  kind: 'counted',
  table,
  row,
  per: 1,
  also: {},
  ...more,
})

t.test('rows with the same caption form a table, in their order', async (t) => {
  const records = [counted('A', 'one'), counted('B', 'two'), counted('A', 'three')]
  const tables = countedTables([...records, ...simulated({})])
  t.strictSame(
    tables.map(({ caption, rows }) => [caption, ...rows.map(({ name }) => name)]),
    [
      ['A', 'one', 'three'],
      ['B', 'two'],
    ],
  )
})

t.test('each figure is divided by its own number of units of work', async (t) => {
  const [table] = countedTables([
    counted('An insert', 'v4', {
      plan: { 'Node Type': 'ModifyTable', 'WAL Bytes': 5_000, 'WAL FPI': 4 },
      per: 10,
      also: { 'bytes of the index': { counted: 8_192, per: 1_024 } },
    }),
  ])
  t.strictSame(table?.rows, [
    {
      name: 'v4',
      ways: [],
      counts: { 'WAL bytes': 500, 'full-page images': 0.4, 'bytes of the index': 8 },
    },
  ])
})

t.test('a run that counted nothing has no table', async (t) => {
  t.strictSame(countedTables(simulated({})), [])
})

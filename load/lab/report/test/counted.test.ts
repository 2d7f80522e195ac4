import { tableMarkdown } from '@flash-deal/local/markdown-table'
import t from 'tap'
import type { Summary } from '../../summary.ts'
import { countedTables } from '../tables/counted.ts'

/** What was counted without load, as it is printed. */

const counted: Summary['counted'] = [
  {
    caption: 'What a query reads',
    rows: [
      { name: 'without', ways: ['Seq Scan, orders'], counts: { buffers: 12_345 } },
      { name: 'with', ways: ['Index Scan, a', 'Seq Scan, b'], counts: { buffers: 5, rows: 0.25 } },
    ],
  },
  { caption: 'What it costs', rows: [{ name: 'insert', ways: [], counts: { 'WAL bytes': 0 } }] },
]

const lines = countedTables({ counted }).map((table) => tableMarkdown(table).split('\n'))

t.test('each experiment is a table, with a column for each count of any row', async (t) => {
  t.strictSame(lines[0], [
    '**What a query reads**',
    '',
    '|  | Reads by | buffers | rows |',
    '| :-- | :-- | --: | --: |',
    '| without | Seq Scan, orders | 12,345 | – |',
    '| with | Index Scan, a; Seq Scan, b | 5.00 | 0.25 |',
  ])
})

t.test('without scans there is no column for them', async (t) => {
  t.strictSame(lines[1]?.slice(2), ['|  | WAL bytes |', '| :-- | --: |', '| insert | 0.00 |'])
})

t.test('a run that counted nothing prints nothing', async (t) => {
  t.strictSame(countedTables({}), [])
})

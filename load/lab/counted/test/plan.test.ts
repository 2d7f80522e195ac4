import t from 'tap'
import { figuresOf, type Plan, waysOf } from '../plan.ts'

/** What is made of a plan of PostgreSQL. */

const page: Plan = {
  'Node Type': 'Limit',
  'Shared Hit Blocks': 40,
  'Shared Read Blocks': 2,
  Plans: [
    {
      'Node Type': 'Seq Scan',
      'Parallel Aware': true,
      'Relation Name': 'orders',
      'Actual Loops': 3,
      'Rows Removed by Filter': 100,
      'Shared Hit Blocks': 38,
    },
    {
      'Node Type': 'Index Scan',
      'Relation Name': 'order_items',
      'Index Name': 'order_items_pkey',
      'Rows Removed by Filter': 5,
    },
  ],
}

t.test('buffers include the whole plan, hits and reads', async (t) => {
  t.equal(figuresOf(page).buffers, 42)
})

t.test('removed rows are summed over all nodes and their loops', async (t) => {
  t.equal(figuresOf(page)['rows removed by filter'], 305)
})

t.test('a statement that writes has WAL and no buffers', async (t) => {
  const insert = { 'Node Type': 'ModifyTable', 'WAL Bytes': 900, 'WAL FPI': 2, Plans: [page] }
  t.strictSame(figuresOf(insert), { 'WAL bytes': 900, 'full-page images': 2 })
  t.strictSame(figuresOf({ 'Node Type': 'ModifyTable' }), {
    'WAL bytes': 0,
    'full-page images': 0,
  })
  t.strictSame(waysOf(insert), [])
})

t.test('a scan names the index if there is one, otherwise the table; each once', async (t) => {
  const ways = ['Parallel Seq Scan, orders', 'Index Scan, order_items_pkey']
  t.strictSame(waysOf({ 'Node Type': 'Append', Plans: [page, page] }), ways)
})

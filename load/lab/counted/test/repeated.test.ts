import t from 'tap'
import { markdownReport } from '../../report/markdown-report.ts'
import { countedTables as printed } from '../../report/tables/counted.ts'
import { runOf } from '../../report/test/runs.ts'
import { repeated, type Trial } from '../repeated.ts'
import { countedTables } from '../tables.ts'

/** A row with times or rates has several runs, in random order, with their range. */

const order: string[] = []
const trial = (row: string, rates: readonly number[], refused?: number): Trial => {
  const left = [...rates]
  return {
    table: 'A race',
    row,
    run: async () => {
      order.push(row)
      const figures = { 'answers a second': left.shift() ?? 0 }
      return refused === undefined ? { figures } : { figures, refused }
    },
  }
}

const rates = [300, 100, 200, 500, 400]
const raced = () =>
  repeated([trial('one', rates), trial('two', rates, 0.0101), trial('three', rates, 0.01)], 7)

t.test('each row has five runs, and each round has a random order', async (t) => {
  order.length = 0
  await raced()
  t.equal(order.length, 15)
  const rounds = [0, 3, 6, 9, 12].map((at) => order.slice(at, at + 3).join())
  t.ok(new Set(rounds).size > 1, `${rounds}`)
  t.ok(rounds.every((round) => round.split(',').toSorted().join() === 'one,three,two'))
})

t.test('the table has the median and the range', async (t) => {
  const [table] = countedTables(await raced())
  t.strictSame(table?.rows[0]?.ranges, {
    'answers a second': { median: 300, least: 100, most: 500, runs: 5 },
  })
  const [shown] = printed({ counted: table ? [table] : [] })
  t.equal(shown?.caption, 'A race: median [least..most] of 5 runs in random order')
  t.match(shown?.rows[0], ['one', '300 [100..500]', ''])
})

t.test('a row that refuses more than 1 % of its requests is not compared', async (t) => {
  const [table] = countedTables(await raced())
  const [shown] = printed({ counted: table ? [table] : [] })
  t.match(shown?.rows[1], ['two', '–', '1.0 % of the requests were refused'])
  t.match(shown?.rows[2], ['three', '300 [100..500]', ''], '1 % is not more than 1 %')
})

t.test(
  'an old row with a single run has no range, and its caption names no number of runs',
  async (t) => {
    const run = runOf()
    const counted = {
      kind: 'counted',
      table: 'A race',
      row: 'one',
      per: 1,
      also: { rate: { counted: 7, per: 1 } },
    } as const
    t.match(
      markdownReport([{ ...run, summary: { ...run.summary, counted: countedTables([counted]) } }]),
      /\*\*A race\*\*\n\n\| {2}\| rate \|\n.*\n\| one \| 7\.00 \|/,
    )
  },
)

import t from 'tap'
import type { Round } from '../record.ts'
import { fairnessTable } from '../report.ts'

/** The report of rounds with an open loop. */

const inTurn = [10, 10, 10, 10, 10, 0, 0, 0, 0, 0]
const byLot = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]

const round = (given: Partial<Round> = {}): Round => ({
  variant: 'optimized',
  buyers: 20,
  came: Array<number>(10).fill(10),
  won: inTurn,
  inversions: 0,
  ...given,
})

const rowsOf = (...rounds: Round[]): readonly (readonly string[])[] =>
  fairnessTable({ rounds }).rows

t.test('a queue has no inversions, and the first half of the orders succeed', async (t) => {
  t.strictSame(rowsOf(round()), [
    [
      'optimized',
      '20',
      '1',
      '0',
      '0.00 % [0.00..0.00]',
      '100, 100, 100, 100, 100, 0, 0, 0, 0, 0 %',
    ],
  ])
})

t.test(
  'several rounds have a median, a minimum and a maximum, and shares over all rounds',
  async (t) => {
    const inversions = [0.5, 0, 0.012].map((each, at) =>
      round({ inversions: each, won: at === 0 ? byLot : inTurn }),
    )
    t.strictSame(rowsOf(...inversions), [
      [
        'optimized',
        '20',
        '3',
        '0',
        '1.20 % [0.00..50.00]',
        '83, 83, 83, 83, 83, 17, 17, 17, 17, 17 %',
      ],
    ])
  },
)

t.test('a void round is counted, but its figures are not used', async (t) => {
  const lost = round({ inversions: 0.5, won: byLot, void: 'http_req_failed rate==0' })
  t.strictSame(rowsOf(lost, round(), lost), [
    [
      'optimized',
      '20',
      '3',
      '2',
      '0.00 % [0.00..0.00]',
      '100, 100, 100, 100, 100, 0, 0, 0, 0, 0 %',
    ],
  ])
  t.strictSame(rowsOf(lost), [['optimized', '20', '1', '1', '–', '–']])
})

t.test('rows are in the order of the variants and of the numbers of buyers', async (t) => {
  const rows = rowsOf(
    round({ variant: 'optimized', buyers: 300 }),
    round({ variant: 'optimized', buyers: 20 }),
    round({ variant: 'baseline', buyers: 300 }),
  )
  t.strictSame(
    rows.map(([variant, buyers]) => [variant, buyers]),
    [
      ['baseline', '300'],
      ['optimized', '20'],
      ['optimized', '300'],
    ],
  )
})

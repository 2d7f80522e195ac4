import t from 'tap'
import type { Slice } from '../../record.ts'
import { judge } from '../judge.ts'
import { header, simulated } from './simulate.ts'

/** A share of the ceiling is printed only from six pairs on. */

/** One slice of the ceiling in each of the first restarts, and so one pair. */
const shareOf = (pairs: number) => {
  const change = ({ arm, block, restart }: Slice): Partial<Slice> =>
    arm === 'ceiling' && (block > 0 || restart >= pairs) ? { phase: 'warm-up' } : {}
  const records = simulated({ costs: { optimized: 0.5 }, change })
  return judge(header(), records).comparisons[0]?.againstCeiling
}

t.test('a share of the ceiling needs six pairs', async (t) => {
  t.equal(shareOf(5), undefined)
  t.equal(shareOf(6)?.pairs, 6)
})

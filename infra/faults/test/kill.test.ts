import t from 'tap'
import { type Listener, playRow, verdictOf } from '../battery.ts'
import { benchesOf } from '../bench.ts'
import { faults } from '../faults.ts'
import { keepHistory } from '../history.ts'
import { beginningOf, resultOf } from '../report.ts'

/** Real processes, killed amid a burst of orders, cancels and repetitions. */

const extent = { rounds: 3, seed: 1, requests: 400 }
const benches = benchesOf(new AbortController().signal)
t.teardown(benches.discard)
// Starting a system and twelve rounds take less than a minute; a machine may be slow.
t.setTimeout(300_000)

const listener: Listener = {
  begins: (fault, seed) => t.comment(beginningOf(fault, seed)),
  ended: (played) => {
    t.comment(resultOf(played, extent.requests))
    if (verdictOf(played) === 'broken') t.comment(`Its history: ${keepHistory(played)}`)
  },
}

for (const fault of faults.filter(({ kind }) => kind === 'kill')) {
  t.test(`when ${fault.target} is killed, nothing is lost, oversold or left over`, async (t) => {
    const row = await playRow(benches, fault, extent, listener)
    t.strictSame(
      row.flatMap(({ round }) => round.broken),
      [],
    )
    t.equal(row.filter((played) => verdictOf(played) === 'held').length, extent.rounds)
  })
}

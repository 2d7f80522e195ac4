import { environment, scenarioOf } from '@flash-deal/config'
import { seedOfCommit } from '@flash-deal/local/commit'
import { servers } from '@flash-deal/testing'
import t from 'tap'
import { hasPassed, type Listener, playRow, type Row, type RowSoFar } from '../battery.ts'
import { benchesOf } from '../bench.ts'
import { drawRows } from '../draw.ts'
import { idOf } from '../faults.ts'
import { keepHistory } from '../history.ts'
import { beginningOf, resultOf } from '../report.ts'

/**
 * Real processes under load, and some of the faults: other ones with each commit, or those that
 * TEST_SEED draws.
 */

const seed = Number(environment().TEST_SEED ?? seedOfCommit())
const benches = benchesOf(new AbortController().signal)
t.teardown(benches.discard)
// Two systems and twenty rounds take less than three minutes; a machine may be slow.
t.setTimeout(600_000)

const listener: Listener = {
  begins: (row, seed) => t.comment(beginningOf(row, seed)),
  ended: (row, played, history) => {
    t.comment(resultOf(played, row))
    if (played.round.broken.length > 0) t.comment(`Its history: ${keepHistory(played, history)}`)
  },
}

/** Why it cannot be played here. */
const lackOf = ({ variant }: Row): string | false => {
  const needs = scenarioOf('M1').needs?.[variant] ?? []
  return needs.length > 0 && servers().valkeyProgram === undefined && 'there is no Valkey to start'
}

for (const row of drawRows(seed, { count: 20, requests: 400 })) {
  const title = `${row.variant}, ${idOf(row.fault)}: nothing is lost, oversold or left over`
  t.test(title, { skip: lackOf(row) }, async (t) => {
    const soFar: RowSoFar = { row, played: [] }
    await playRow(benches, soFar, listener)
    t.strictSame(
      soFar.played.flatMap(({ round }) => round.broken),
      [],
    )
    t.ok(hasPassed(soFar))
  })
}

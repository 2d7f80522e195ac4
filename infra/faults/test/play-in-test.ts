import { servers } from '@flash-deal/testing'
import type { Test } from 'tap'
import { lackOf, nameOf } from '../draw.ts'
import { keepHistory } from '../history.ts'
import { beginningOf, resultOf } from '../report.ts'
import { hasPassed, type Listener, playRow, type Row, type RowSoFar } from '../suite.ts'
import { type Systems, systemsOf } from '../system-under-test.ts'

/** A row of the table of faults as a test, with real processes under load. */

const listenerOf = (t: Test): Listener => ({
  begins: (row, seed) => t.comment(beginningOf(row, seed)),
  ended: (row, played, history) => {
    t.comment(resultOf(played, row))
    if (played.round.broken.length > 0) t.comment(`Its history: ${keepHistory(played, history)}`)
  },
})

/** The systems of a test file, which end with it. */
export const openBenches = (t: Test): Systems => {
  const systems = systemsOf(new AbortController().signal)
  t.teardown(systems.discard)
  return systems
}

export const playInTest = (t: Test, systems: Systems, row: Row): Promise<unknown> => {
  const skip = lackOf(row, servers().valkeyProgram)
  return t.test(`${nameOf(row)}: nothing is lost, oversold or left over`, { skip }, async (t) => {
    const soFar: RowSoFar = { row, played: [] }
    await playRow(systems, soFar, listenerOf(t))
    t.strictSame(
      soFar.played.flatMap(({ round }) => round.broken),
      [],
    )
    t.ok(hasPassed(soFar))
  })
}

import { servers } from '@flash-deal/testing'
import type { Test } from 'tap'
import { keepHistory } from '../history.ts'
import { resultLines, startLine } from '../report.ts'
import { missingProgram, nameOf } from '../select-rows.ts'
import { hasPassed, type Listener, type Row, type RowProgress, runRow } from '../suite.ts'
import { type Systems, systemsOf } from '../system-under-test.ts'

/** Runs a row of the fault table as a test, with real processes under load. */

const listenerOf = (t: Test): Listener => ({
  roundStarted: (row, seed) => t.comment(startLine(row, seed)),
  roundEnded: (row, result, history) => {
    t.comment(resultLines(result, row))
    if (result.round.broken.length > 0) t.comment(`History: ${keepHistory(result, history)}`)
  },
})

/** The systems of a test file; they end with the file. */
export const openSystems = (t: Test): Systems => {
  const systems = systemsOf(new AbortController().signal)
  t.teardown(systems.discard)
  return systems
}

export const runInTest = (t: Test, systems: Systems, row: Row): Promise<unknown> => {
  const skip = missingProgram(row, servers().valkeyProgram)
  return t.test(`${nameOf(row)}: nothing is lost, oversold or left over`, { skip }, async (t) => {
    const progress: RowProgress = { row, results: [] }
    await runRow(systems, progress, listenerOf(t))
    t.strictSame(
      progress.results.flatMap(({ round }) => round.broken),
      [],
    )
    t.ok(hasPassed(progress))
  })
}

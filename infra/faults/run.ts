import '@flash-deal/local/env-file'
import { environment } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { onEnd } from '@flash-deal/local/lifetime'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { readArguments, usage } from './arguments.ts'
import { idOf } from './faults.ts'
import { keepHistory } from './history.ts'
import { type Begun, beginJournal, type Header, noteInJournal, readJournal } from './journal.ts'
import { progressOf } from './progress.ts'
import { beginningOf, resultOf, summaryOf, tableOf } from './report.ts'
import {
  hasPassed,
  type Listener,
  type Played,
  playRow,
  type Row,
  type RowSoFar,
  rowsOf,
} from './suite.ts'
import { type Systems, systemsOf } from './system-under-test.ts'
import { writeReport } from './write-report.ts'

/** `npm run faults`: see the usage in arguments.ts. */

const main = async (): Promise<boolean> => {
  const wanted = readArguments(process.argv.slice(2))
  if (wanted === 'resume') return runSuite(readJournal(commit()))
  if (wanted !== 'help') {
    return runSuite(beginJournal({ wanted, commit: commit(), startedAt: new Date().toISOString() }))
  }
  console.log(usage)
  return true
}

const runSuite = async (begun: Begun): Promise<boolean> => {
  const ending = new AbortController()
  const systems = systemsOf(ending.signal)
  onEnd(environment(), {
    end: () => {
      ending.abort()
      void systems.discard().finally(() => process.exit(130))
    },
    // What still runs then is ended by the watchdog of the system.
    hurry: () => process.exit(130),
  })
  try {
    return await playRows(begun, systems, ending.signal)
  } catch (error) {
    if (ending.signal.aborted) return false
    throw error
  } finally {
    await systems.discard()
  }
}

const playRows = async (
  { played, ...header }: Begun,
  systems: Systems,
  ending: AbortSignal,
): Promise<boolean> => {
  const rows = rowsOf(header.wanted).map((row) => ({ row, played: played.filter(isOf(row)) }))
  const listener = listenerOf(header, rows, ending)
  for (const row of rows) await playRow(systems, row, listener)
  console.log(`${tableOf(rows)}\n${summaryOf(rows)}`)
  if (header.wanted.report) console.log(`The report is in ${header.wanted.report}.`)
  return rows.every(hasPassed)
}

const isOf =
  ({ variant, fault }: Row) =>
  (played: Played): boolean =>
    played.variant === variant && played.fault === idOf(fault)

/** What goes wrong while everything is being ended is no finding. */
const listenerOf = (header: Header, rows: readonly RowSoFar[], ending: AbortSignal): Listener => ({
  begins: (row, seed) => {
    if (!ending.aborted) console.log(`[${progressOf(rows)}] ${beginningOf(row, seed)}`)
  },
  ended: (row, played, history) => {
    if (ending.aborted) return
    noteInJournal(played)
    console.log(resultOf(played, row))
    if (played.round.broken.length > 0)
      console.log(`  Its history: ${keepHistory(played, history)}`)
    // Each time, so that there is one whatever ends the run.
    if (header.wanted.report) writeReport(header.wanted.report, header, rows)
  },
})

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}

import '@flash-deal/local/env-file'
import { environment } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { onEnd } from '@flash-deal/local/lifetime'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { readArguments, usage } from './arguments.ts'
import { idOf } from './faults.ts'
import { keepHistory } from './history.ts'
import { appendToJournal, createJournal, type Header, type Run, readJournal } from './journal.ts'
import { progressOf } from './progress.ts'
import { resultLines, startLine, summaryOf, tableOf } from './report.ts'
import {
  hasPassed,
  type Listener,
  type RoundResult,
  type Row,
  type RowProgress,
  rowsOf,
  runRow,
} from './suite.ts'
import { type Systems, systemsOf } from './system-under-test.ts'
import { writeReport } from './write-report.ts'

/** `npm run faults`: see the usage in arguments.ts. */

const main = async (): Promise<boolean> => {
  const wanted = readArguments(process.argv.slice(2))
  if (wanted === 'resume') return runSuite(readJournal(commit()))
  if (wanted !== 'help') {
    return runSuite(
      createJournal({ wanted, commit: commit(), startedAt: new Date().toISOString() }),
    )
  }
  console.log(usage)
  return true
}

const runSuite = async (run: Run): Promise<boolean> => {
  const ending = new AbortController()
  const systems = systemsOf(ending.signal, run.wanted.scenarios)
  onEnd(environment(), {
    end: () => {
      ending.abort()
      void systems.discard().finally(() => process.exit(130))
    },
    // The watchdog of the system ends the processes that still run.
    hurry: () => process.exit(130),
  })
  try {
    return await runRows(run, systems, ending.signal)
  } catch (error) {
    if (ending.signal.aborted) return false
    throw error
  } finally {
    await systems.discard()
  }
}

const runRows = async (
  { results, ...header }: Run,
  systems: Systems,
  ending: AbortSignal,
): Promise<boolean> => {
  const rows = rowsOf(header.wanted).map((row) => ({ row, results: results.filter(isOf(row)) }))
  const listener = listenerOf(header, rows, ending)
  for (const row of rows) await runRow(systems, row, listener)
  console.log(`${tableOf(rows)}\n${summaryOf(rows)}`)
  if (header.wanted.report) console.log(`The report is in ${header.wanted.report}.`)
  return rows.every(hasPassed)
}

const isOf =
  ({ variant, fault }: Row) =>
  (result: RoundResult): boolean =>
    result.variant === variant && result.fault === idOf(fault)

/** Errors during shutdown are not reported. */
const listenerOf = (
  header: Header,
  rows: readonly RowProgress[],
  ending: AbortSignal,
): Listener => ({
  roundStarted: (row, seed) => {
    if (!ending.aborted) console.log(`[${progressOf(rows)}] ${startLine(row, seed)}`)
  },
  roundEnded: (row, result, history) => {
    if (ending.aborted) return
    appendToJournal(result)
    console.log(resultLines(result, row))
    if (result.round.broken.length > 0) console.log(`  History: ${keepHistory(result, history)}`)
    // After every round, so that an interrupted run has a report, too.
    if (header.wanted.report) writeReport(header.wanted.report, header, rows)
  },
})

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}

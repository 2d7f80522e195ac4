import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { appendLine, linesIn, startLines } from '@flash-deal/local/json-lines'
import { stateFolder } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import type { SuiteOptions } from './arguments.ts'
import type { RoundResult } from './suite.ts'

/** A journal of the finished rounds, one line each, so that an interrupted run can be resumed. */

export type Header = { wanted: SuiteOptions; commit: string; startedAt: string }

/** A run in progress. */
export type Run = Header & { results: readonly RoundResult[] }

const file = (): string => join(stateFolder(readSettings('local')), 'faults/journal.jsonl')

/** Overwrites the journal of the previous run. */
export const createJournal = (header: Header): Run => {
  startLines(file(), [header])
  return { ...header, results: [] }
}

export const appendToJournal = (result: RoundResult): void => appendLine(file(), result)

/** @throws PlainError if there is no journal, or if it belongs to another commit */
export const readJournal = (commit: string): Run => {
  if (!existsSync(file()))
    throw new PlainError('There is no run to resume. Start one without --resume.')
  // `createJournal` and `appendToJournal` wrote these lines.
  const [run, ...results] = linesIn(readFileSync(file(), 'utf8')) as [Header, ...RoundResult[]]
  if (run.commit !== commit) {
    throw new PlainError(
      `The interrupted run used commit ${run.commit}; the current commit is ${commit}. Start a new run without --resume.`,
    )
  }
  return { ...run, results }
}

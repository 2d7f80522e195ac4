import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { stateFolder } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import type { SuiteOptions } from './arguments.ts'
import type { RoundResult } from './suite.ts'

/** A journal of the finished rounds, one line each, so that an interrupted run can be resumed. */

export type Header = { wanted: SuiteOptions; commit: string; startedAt: string }

/** A run in progress. */
export type Run = Header & { results: readonly RoundResult[] }

const file = (): string => join(stateFolder(readSettings('local')), 'faults/journal.jsonl')

const write = (line: object): string => `${JSON.stringify(line)}\n`

/** Overwrites the journal of the previous run. */
export const createJournal = (header: Header): Run => {
  mkdirSync(dirname(file()), { recursive: true })
  writeFileSync(file(), write(header))
  return { ...header, results: [] }
}

export const appendToJournal = (result: RoundResult): void => appendFileSync(file(), write(result))

/** @throws PlainError if there is no journal, or if it belongs to another commit */
export const readJournal = (commit: string): Run => {
  if (!existsSync(file()))
    throw new PlainError('There is no run to resume. Start one without --resume.')
  const [header = '', ...lines] = readFileSync(file(), 'utf8').trimEnd().split('\n')
  // `createJournal` wrote this line.
  const run = JSON.parse(header) as Header
  if (run.commit !== commit) {
    throw new PlainError(
      `The interrupted run used commit ${run.commit}; the current commit is ${commit}. Start a new run without --resume.`,
    )
  }
  return { ...run, results: lines.map((line) => JSON.parse(line) as RoundResult) }
}

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { stateFolder } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import type { Wanted } from './arguments.ts'
import type { Played } from './suite.ts'

/** The rounds of a run as they end, a line each, so that one that was interrupted can go on. */

export type Header = { wanted: Wanted; commit: string; startedAt: string }

/** A run so far. */
export type Begun = Header & { played: readonly Played[] }

const file = (): string => join(stateFolder(readSettings('local')), 'faults/journal.jsonl')

const write = (line: object): string => `${JSON.stringify(line)}\n`

/** Forgets the run before it. */
export const beginJournal = (header: Header): Begun => {
  mkdirSync(dirname(file()), { recursive: true })
  writeFileSync(file(), write(header))
  return { ...header, played: [] }
}

export const noteInJournal = (played: Played): void => appendFileSync(file(), write(played))

/** @throws PlainError where there is none, or one of another commit */
export const readJournal = (commit: string): Begun => {
  if (!existsSync(file())) throw new PlainError('There is no run to go on with.')
  const [header = '', ...lines] = readFileSync(file(), 'utf8').trimEnd().split('\n')
  // What is read here was written above.
  const begun = JSON.parse(header) as Header
  if (begun.commit !== commit) {
    throw new PlainError(
      `The run that was interrupted is of ${begun.commit}, and this is ${commit}. Begin a new one, without --resume.`,
    )
  }
  return { ...begun, played: lines.map((line) => JSON.parse(line) as Played) }
}

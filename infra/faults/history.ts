import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { stateFolder } from '@flash-deal/local/paths'
import type { Entry } from './clients.ts'
import type { RoundResult } from './suite.ts'

/** Writes the operations of a round as JSON lines, in chronological order. Returns the file's path. */
export const keepHistory = (
  { variant, fault, seed }: RoundResult,
  history: readonly Entry[],
): string => {
  const folder = join(stateFolder(readSettings('local')), 'faults')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${seed}-${variant}-${fault}.jsonl`)
  writeFileSync(file, history.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  return file
}

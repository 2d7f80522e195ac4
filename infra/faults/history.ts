import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '@flash-deal/config'
import { stateFolder } from '@flash-deal/local/paths'
import type { Played } from './battery.ts'

/** Keeps the operations of a round, a line each as JSON, in the order in which they happened. */
export const keepHistory = ({ fault, seed, number, round }: Played): string => {
  const folder = join(stateFolder(readSettings('local')), 'faults')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${seed}-${fault.target}-${number}.jsonl`)
  writeFileSync(file, round.history.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  return file
}

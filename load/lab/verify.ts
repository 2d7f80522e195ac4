import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readJournal } from './journal.ts'
import type { Summary } from './summary.ts'
import { judge } from './verdict/judge.ts'

/** Computes the verdicts again from the raw slices; returns the paths of differences from the summary. */
export const verify = (folder: string): { summary: Summary; differences: string[] } => {
  const { header, records } = readJournal(folder)
  const written: unknown = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))
  const summary = judge(header, records)
  // The same round trip through JSON as the stored one.
  const again: unknown = JSON.parse(JSON.stringify(summary))
  return { summary, differences: differencesOf(written, again, 'summary') }
}

const differencesOf = (one: unknown, other: unknown, path: string): string[] => {
  if (isDeepStrictEqual(one, other)) return []
  if (!isObject(one) || !isObject(other)) {
    return [
      `${path}: ${JSON.stringify(one)} is stored, the raw slices give ${JSON.stringify(other)}`,
    ]
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].flatMap((name) => differencesOf(one[name], other[name], `${path}.${name}`))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

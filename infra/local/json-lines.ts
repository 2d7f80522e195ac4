import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Journals of runs: a file with one JSON object per line, the first of which describes the run. */

/** Overwrites the file with these lines. Returns the function that appends one more. */
export const startLines = (file: string, lines: readonly object[]): ((line: object) => void) => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, lines.map(textOf).join(''))
  return (line) => appendLine(file, line)
}

export const appendLine = (file: string, line: object): void => appendFileSync(file, textOf(line))

/** The lines of a file that `startLines` began; the caller knows their type. */
export const linesIn = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const textOf = (line: object): string => `${JSON.stringify(line)}\n`

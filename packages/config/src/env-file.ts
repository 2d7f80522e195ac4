import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { settingsSchemas } from './settings.ts'

/** The settings of a `.env` file, and a sentence for each line with a syntax error. */

export type EnvFile = { values: Record<string, string | undefined>; problems: string[] }

const root = resolve(import.meta.dirname, '../../..')

/**
 * Adds the settings in `.env` at the repository's root to `env`. Existing variables take precedence.
 *
 * @returns sentences about lines with a syntax error; they contain no values
 */
export const loadEnvFile = (
  env: Record<string, string | undefined>,
  file: string = resolve(root, '.env'),
): string[] => {
  if (!existsSync(file)) return []
  try {
    const { values, problems } = readEnvFile(readFileSync(file, 'utf8'))
    for (const [name, value] of Object.entries(values)) env[name] ??= value
    return problems
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return [`${file} cannot be read (${code}), so none of its settings has an effect.`]
  }
}

/** Parses like Node, and also accepts a byte order mark and an unquoted PEM of several lines. */
export const readEnvFile = (text: string): EnvFile => {
  const plain = withQuotedPems(text.replace(/^\uFEFF/, ''))
  return { values: parseEnv(plain), problems: problemsIn(plain.split(/\r?\n/)) }
}

const pem =
  /^(\s*(?:export\s+)?[\w.-]+\s*=\s*)(-----BEGIN [A-Z ]+-----[^"]*?-----END [A-Z ]+-----)/gm

const withQuotedPems = (text: string): string => text.replaceAll(pem, '$1"$2"')

const assignment = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/

const problemsIn = (lines: readonly string[]): string[] => {
  const problems: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const end = endOfValue(lines, index)
    if (end === undefined)
      problems.push(`Line ${index + 1} of .env opens a quote that is not closed.`)
    else problems.push(...swallowed(lines, index, end))
    if (!isUnderstood(line)) problems.push(notUnderstood(line, index + 1))
    index = end ?? index
  }
  return problems
}

const isUnderstood = (line: string): boolean => /^\s*(#|$)/.test(line) || assignment.test(line)

/** The line on which a value ends; undefined if its quote is never closed. */
const endOfValue = (lines: readonly string[], index: number): number | undefined => {
  const [, , value = ''] = assignment.exec(lines[index] ?? '') ?? []
  const quote = /^["'`]/.exec(value)?.[0]
  if (quote === undefined || value.includes(quote, 1)) return index
  const further = lines.slice(index + 1).findIndex((line) => line.includes(quote))
  return further < 0 ? undefined : index + 1 + further
}

/** Settings that become part of a value because its closing quote is missing. */
const swallowed = (lines: readonly string[], from: number, to: number): string[] =>
  lines.slice(from + 1, to + 1).flatMap((line) => {
    const [, name = ''] = assignment.exec(line) ?? []
    return isSetting(name)
      ? [`${name} in .env has no effect: line ${from + 1} opens a quote and does not close it.`]
      : []
  })

const isSetting = (name: string): boolean =>
  Object.hasOwn(settingsSchemas.local.shape, name) || /^SCENARIO(S$|_)/.test(name)

const notUnderstood = (line: string, number: number): string => {
  const [, name = ''] = /^\s*(?:export\s+)?(\w+)\s*(?::|\s)/.exec(line) ?? []
  const advice = isSetting(name)
    ? `Write ${name}= and the value`
    : 'Write NAME=value, or # before it'
  return `Line ${number} of .env is not understood and has no effect. ${advice}.`
}

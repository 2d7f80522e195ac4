import type { Environment } from './resolve-scenarios.ts'
import { settingsSchemas } from './settings.ts'

/** Removes secrets from the output of child processes and from messages. */

export type Redact = (text: string) => string

/** Shorter secrets would match parts of ordinary words. In a URL they are still redacted. */
const shortest = 4

/**
 * Creates a function that redacts the secrets of an environment in a text: secret settings, variables
 * whose name indicates a secret, and the password in any URL, plain and percent-encoded.
 *
 * @param more additional secrets, such as a generated password
 */
export const redactor = (environment: Environment, more: readonly string[] = []): Redact => {
  const found = Object.entries(environment).flatMap(([name, value = '']) => secretsIn(name, value))
  const secrets = [...new Set([...found, ...more.flatMap(spellings)])]
    .filter(({ length }) => length >= shortest)
    .sort((one, other) => other.length - one.length)
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
      .replaceAll(/(\w:\/\/[^\s:/@]*:)[^\s@]+@/g, '$1[redacted]@')
}

const secretsIn = (name: string, value: string): string[] => {
  const passwords = value.split(/[\s,]+/).flatMap(passwordsIn)
  if (passwords.length > 0) return passwords.flatMap(spellings)
  return isSecret(name) ? linesOf(value).flatMap(spellings) : []
}

/** In a URL that cannot be parsed, everything up to the last @. */
const passwordsIn = (word: string): string[] => {
  const [, password = ''] = /^\w+:\/\/[^:/?#@]*:(.*)@/.exec(word) ?? []
  return password === '' ? [] : [password]
}

const isSecret = (name: string): boolean => {
  const schema = Object.entries(settingsSchemas.local.shape).find(([own]) => own === name)?.[1]
  return schema?.meta()?.secret === true || /PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY$/i.test(name)
}

/** Part of a multi-line key may be printed. The first and last line of a PEM are not secret. */
const linesOf = (value: string): string[] =>
  value.split(/\r?\n|\\n/).filter((line) => !line.startsWith('-----'))

const spellings = (secret: string): string[] => {
  const plain = decoded(secret)
  return [secret, plain, encodeURIComponent(plain), encodeURI(plain)]
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

import type { Environment } from './resolve-scenarios.ts'
import { settingsSchemas } from './settings.ts'

/** What must not be read in what a child process prints, or in the sentence made of it. */

export type Redact = (text: string) => string

/** A shorter one would be found in half of all words; in an address it is hidden all the same. */
const shortest = 4

/**
 * Makes the function that hides, wherever they stand, the secrets of an environment: of settings
 * and of variables whose name says so, and the password in any address, in plain and percent-encoded.
 *
 * @param more further secrets, such as a password that was made
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

/** Of an address that cannot be parsed, all up to the last @. */
const passwordsIn = (word: string): string[] => {
  const [, password = ''] = /^\w+:\/\/[^:/?#@]*:(.*)@/.exec(word) ?? []
  return password === '' ? [] : [password]
}

const isSecret = (name: string): boolean => {
  const schema = Object.entries(settingsSchemas.local.shape).find(([own]) => own === name)?.[1]
  return schema?.meta()?.secret === true || /PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY$/i.test(name)
}

/** A key of several lines may be printed in part. The first and the last of a PEM say nothing. */
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

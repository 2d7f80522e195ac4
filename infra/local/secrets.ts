import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

const names = ['POSTGRES_PASSWORD', 'INTERNAL_KEY'] as const

export type Secrets = Record<(typeof names)[number], string>

/**
 * The secrets of this copy: generated on the first start and stored in the state folder, readable only
 * by the owner. They are never logged and never part of a command line.
 */
export const readSecrets = (state: string): Secrets => {
  const file = join(state, 'secrets.env')
  const kept = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const secrets = Object.fromEntries(
    names.map((name) => [name, kept[name] || randomBytes(24).toString('base64url')]),
  ) as Secrets
  if (names.some((name) => !kept[name])) write(file, secrets)
  return secrets
}

const write = (file: string, secrets: Secrets): void => {
  const lines = names.map((name) => `${name}=${secrets[name]}\n`)
  writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

import { generateKeyPairSync, randomBytes } from 'node:crypto'

/**
 * Prints fresh random secrets for docker-compose.yml, as lines of an env file:
 *
 *     (umask 077; node infra/docker/secrets.ts > .env)
 *
 * It has no imports from the project, so it runs before the install.
 */

const passwords = [
  'INTERNAL_KEY',
  'POSTGRES_PASSWORD',
  'AUTH_DATABASE_PASSWORD',
  'PRODUCT_DATABASE_PASSWORD',
  'ORDER_DATABASE_PASSWORD',
  'GRAFANA_PASSWORD',
]

/** Only letters, digits, `-` and `_`: passwords are part of URLs, and Compose expands a `$`. */
const password = (): string => randomBytes(32).toString('base64url')

/** PEM on one line, with its line breaks as `\n`, which auth reads as such. */
const privateKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim()
    .replaceAll('\n', '\\n')

export const freshSecrets = (): Record<string, string> => ({
  ...Object.fromEntries(passwords.map((name) => [name, password()])),
  JWT_PRIVATE_KEY: privateKey(),
})

/** Single quotes, which every parser of env files reads literally. */
export const envFile = (secrets: Readonly<Record<string, string>>): string =>
  Object.entries(secrets)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')

if (import.meta.main) process.stdout.write(envFile(freshSecrets()))

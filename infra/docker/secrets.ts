import { generateKeyPairSync, randomBytes } from 'node:crypto'

/**
 * Prints fresh random secrets for docker-compose.yml, as lines of an env file:
 *
 *     (umask 077; node infra/docker/secrets.ts > .env)
 *
 * It imports nothing of the project, so that it runs before anything is installed.
 */

const passwords = [
  'INTERNAL_KEY',
  'POSTGRES_PASSWORD',
  'AUTH_DATABASE_PASSWORD',
  'PRODUCT_DATABASE_PASSWORD',
  'ORDER_DATABASE_PASSWORD',
]

/** Letters, digits, `-` and `_` only: it stands in addresses, and Compose would expand a `$`. */
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

/** In single quotes, which every reader of env files takes to the letter. */
export const envFile = (secrets: Readonly<Record<string, string>>): string =>
  Object.entries(secrets)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')

if (import.meta.main) process.stdout.write(envFile(freshSecrets()))

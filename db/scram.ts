import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/**
 * What PostgreSQL stores instead of a password (RFC 5803). Computed here, so that the password appears
 * neither in the server's log nor in pg_stat_statements. Passwords are ASCII, so they need no
 * normalisation.
 *
 * @param iterations the server's `scram_iterations`
 */
export const scramVerifier = (password: string, iterations: number): string => {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  const server = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}

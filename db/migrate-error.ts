/** A migration that could not be done. The message says what to do and holds no password. */
export class MigrateError extends Error {
  override readonly name = 'MigrateError'
}

/** What its reader can put right becomes a sentence; anything else stays as it is. */
export const explained = (error: unknown, adminUrl: string): unknown => {
  const { code = '', message } = error as { code?: string; message: string }
  const { username, host } = new URL(adminUrl)
  if (code === '42501') {
    return new MigrateError(
      `The role ${username} at ${host} (DATABASE_URL) lacks a right: ${message}. Use one that may create databases and roles.`,
    )
  }
  if (code.startsWith('28')) {
    return new MigrateError(
      `PostgreSQL at ${host} refuses the login of ${username}. Put the right user and password into DATABASE_URL.`,
    )
  }
  if (/^(E[A-Z]+|CONNECT_TIMEOUT)$/.test(code)) {
    return new MigrateError(
      `PostgreSQL at ${host} cannot be reached (${code}). Start it, or set DATABASE_URL to one that runs.`,
    )
  }
  return error
}

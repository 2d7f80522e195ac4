/** A migration failed. The message says what to do and contains no password. */
export class MigrateError extends Error {
  override readonly name = 'MigrateError'
}

const isFullDisk = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return code === '53100' || /no space left on device|disk quota exceeded/i.test(message)
}

/** Converts an error that the user can fix into a MigrateError; returns any other unchanged. */
export const explained = (error: unknown, adminUrl: string): unknown => {
  const { code = '', message } = error as { code?: string; message: string }
  const { username, host } = new URL(adminUrl)
  if (code === '42501') {
    return new MigrateError(
      `The role ${username} at ${host} (DATABASE_URL) has too few privileges: ${message}. Use a role that can create databases and roles.`,
    )
  }
  if (code.startsWith('28')) {
    return new MigrateError(
      `PostgreSQL at ${host} rejects the login of ${username}. Set the correct user and password in DATABASE_URL.`,
    )
  }
  if (isFullDisk(error)) {
    return new MigrateError(
      `The disk of PostgreSQL at ${host} is full. Free some space, then start again.`,
    )
  }
  if (isConnectionError(code)) {
    return new MigrateError(
      `PostgreSQL at ${host} cannot be reached (${code}). Start it, or set DATABASE_URL to a server that runs.`,
    )
  }
  if (isServerError(code)) {
    return new MigrateError(
      `PostgreSQL at ${host} (DATABASE_URL) cannot be used: ${message} (${code}). Fix the server, or set DATABASE_URL to another one.`,
    )
  }
  return error
}

/** No such database, too many connections, starting up or shutting down, broken files. */
const isServerError = (code: string): boolean => /^(08|3D|53|57|58)[0-9A-Z]{3}$/.test(code)

/** Connection refused, lost or timed out, or a certificate that is not trusted. */
const isConnectionError = (code: string): boolean =>
  /^(E[A-Z_]+|[A-Z_]*CERT[A-Z_]*|CONNECT_TIMEOUT|CONNECTION_[A-Z]+)$/.test(code)

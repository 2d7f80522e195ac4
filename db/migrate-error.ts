/** A migration that could not be done. The message says what to do and holds no password. */
export class MigrateError extends Error {
  override readonly name = 'MigrateError'
}

const isFullDisk = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return code === '53100' || /no space left on device|disk quota exceeded/i.test(message)
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
  if (isFullDisk(error)) {
    return new MigrateError(
      `The disk of PostgreSQL at ${host} is full. Make room on it, then start again.`,
    )
  }
  if (isOfWay(code)) {
    return new MigrateError(
      `PostgreSQL at ${host} cannot be reached (${code}). Start it, or set DATABASE_URL to one that runs.`,
    )
  }
  if (isOfServer(code)) {
    return new MigrateError(
      `PostgreSQL at ${host} (DATABASE_URL) cannot be used: ${message} (${code}). Correct that there, or set DATABASE_URL to another.`,
    )
  }
  return error
}

/** No such database, too many connections, being started or ended, broken files. */
const isOfServer = (code: string): boolean => /^(08|3D|53|57|58)[0-9A-Z]{3}$/.test(code)

/** Nobody listens, the connection broke, or its certificate is not to be trusted. */
const isOfWay = (code: string): boolean =>
  /^(E[A-Z_]+|[A-Z_]*CERT[A-Z_]*|CONNECT_TIMEOUT|CONNECTION_[A-Z]+)$/.test(code)

import { parsePostgresAddress } from '@flash-deal/config'
import postgres, { type Sql } from 'postgres'
import { MigrateError } from './migrate-error.ts'

/** Opens a single connection for migrations. */
export const connect = (url: string): Sql =>
  postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {}, prepare: false })

/** @throws MigrateError if it is not a PostgreSQL URL */
export const checkAddress = (adminUrl: string): void => {
  if (parsePostgresAddress(adminUrl) !== undefined) return
  throw new MigrateError('DATABASE_URL must be a URL like postgres://user:password@host:5432.')
}

/** The URL of another database on the same server, with the same login. */
export const urlOf = (adminUrl: string, database: string): string => {
  checkAddress(adminUrl)
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

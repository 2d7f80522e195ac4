import { parsePostgresAddress } from '@flash-deal/config'
import postgres, { type Sql } from 'postgres'
import { MigrateError } from './migrate-error.ts'

/** A single connection for what migrations need. */
export const connect = (url: string): Sql =>
  postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {}, prepare: false })

/** @throws MigrateError where it is no address of a PostgreSQL */
export const checkAddress = (adminUrl: string): void => {
  if (parsePostgresAddress(adminUrl) !== undefined) return
  throw new MigrateError(
    'DATABASE_URL must be an address such as postgres://user:password@host:5432.',
  )
}

/** The same server and login, another database. */
export const urlOf = (adminUrl: string, database: string): string => {
  checkAddress(adminUrl)
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

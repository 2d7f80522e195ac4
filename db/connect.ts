import postgres, { type Sql } from 'postgres'

/** A single connection for what migrations need. */
export const connect = (url: string): Sql =>
  postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {}, prepare: false })

/** The same server and login, another database. */
export const urlOf = (adminUrl: string, database: string): string => {
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

import type { Environment, Scenarios } from '@flash-deal/config'
import { migrate, pooledTimeoutOf } from '@flash-deal/sql'
import postgres from 'postgres'
import { readSecrets } from '../secrets.ts'
import { databaseUrls, rolePasswords } from '../services.ts'
import type { SystemStart } from '../system-start.ts'

/** The URL of a database with the superuser's role. */
export const superuserUrl = ({ settings, state }: SystemStart, database: string): string => {
  const { POSTGRES_PASSWORD } = readSecrets(state)
  return `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${settings.POSTGRES_PORT}/${database}`
}

/** The URLs of a database with the roles of the services, by service. */
export const urlsOf = (start: SystemStart, database: string) =>
  databaseUrls({
    ...start,
    settings: { ...start.settings, DATABASE_NAME: database },
    secrets: readSecrets(start.state),
    adminUrl: superuserUrl(start, 'postgres'),
  })

/** The settings with which the services use a database. */
export const settingsFor = (start: SystemStart, database: string): Environment =>
  Object.fromEntries(
    Object.entries(urlsOf(start, database)).map(([service, url]) => [
      `${service.toUpperCase()}_DATABASE_URL`,
      url,
    ]),
  )

/** Copies the database of the services, and migrates the copy to these scenarios. */
export const copyDatabase = async (
  start: SystemStart,
  database: string,
  scenarios: Partial<Scenarios>,
): Promise<void> => {
  const adminUrl = superuserUrl(start, 'postgres')
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const from = sql(start.settings.DATABASE_NAME)
    await sql`create database ${sql(database)} template ${from} strategy file_copy`
  } finally {
    await sql.end({ timeout: 1 })
  }
  await migrate({
    adminUrl,
    database,
    roles: rolePasswords(urlsOf(start, database)),
    scenarios,
    ...pooledTimeoutOf(start.settings),
  })
}

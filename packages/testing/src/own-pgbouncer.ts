import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'
import { freePort } from './free-port.ts'
import type { FreshDatabase } from './fresh-database.ts'

/** The path of the program. Debian installs it in /usr/sbin, which is only on root's PATH. */
export const pgbouncerProgram = (): string | undefined =>
  ['pgbouncer', '/usr/sbin/pgbouncer'].find(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
  )

/** Server connections per role: fewer than the client connections of a service. */
const serverConnections = 2

/**
 * Starts a separate PgBouncer in transaction mode for a test. Returns the URLs of the services
 * through it.
 *
 * @throws Error if the program is missing or does not listen within ten seconds
 */
export const ownPgbouncer = async (
  t: Test,
  { urls }: FreshDatabase,
): Promise<FreshDatabase['urls']> => {
  const program = pgbouncerProgram()
  if (program === undefined) throw new Error('PgBouncer is not installed.')
  const folder = mkdtempSync(join(tmpdir(), 'own-pgbouncer-'))
  const port = await freePort()
  const child = start(program, configure(folder, port, Object.values(urls)))
  t.teardown(async () => {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await gone
    rmSync(folder, { recursive: true, force: true })
  })
  await listening(child, port)
  const byWayOf = (url: string): string => {
    const own = new URL(url)
    own.host = `127.0.0.1:${port}`
    return own.href
  }
  return {
    AUTH_DATABASE_URL: byWayOf(urls.AUTH_DATABASE_URL),
    PRODUCT_DATABASE_URL: byWayOf(urls.PRODUCT_DATABASE_URL),
    ORDER_DATABASE_URL: byWayOf(urls.ORDER_DATABASE_URL),
  }
}

/** Writes the configuration file and returns its path. All other options are PgBouncer's defaults. */
const configure = (folder: string, port: number, urls: readonly string[]): string => {
  const users = urls.map((url) => new URL(url))
  const { hostname, port: serverPort } = users[0] ?? new URL('')
  const lines = users.map(({ username, password }) => `"${username}" "${password}"\n`)
  const [file, userFile] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')]
  writeFileSync(userFile, lines.join(''))
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${userFile}
pool_mode = transaction
default_pool_size = ${serverConnections}
`,
  )
  chmodSync(folder, 0o755)
  return file
}

/** PgBouncer refuses to run as root. Root starts it as the user nobody. */
const start = (program: string, file: string): ChildProcess => {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  return spawn(program, [file], { stdio: 'ignore', ...nobody })
}

const listening = async (child: ChildProcess, port: number): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`PgBouncer did not start on port ${port}.`)
    await pause(10)
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

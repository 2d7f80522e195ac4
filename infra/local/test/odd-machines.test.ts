import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import t from 'tap'
import { freePorts } from '../ports.ts'
import { findBinaries, startPostgres } from '../postgres.ts'
import { accountFor } from '../postgres-account.ts'
import { initialise } from '../postgres-data.ts'
import { Supervisor } from '../supervisor.ts'
import { startValkey } from '../valkey.ts'

/** Unusual machines: a full disk, a user without a name, folders with special characters. */

const fixture = join(import.meta.dirname, 'fixtures/start-postgres.ts')

/** In new namespaces a test can have any user id, and mount. */
const unshare = (...options: string[]): string[] => ['unshare', '--user', ...options]
const asNobodyKnown = unshare('--map-user=12345', '--map-group=12345')
const withMounts = unshare('--map-root-user', '--mount')

const cannot = ([command = '', ...args]: string[]): string | false =>
  spawnSync(command, [...args, 'true']).status === 0
    ? false
    : 'this machine allows no namespaces (unshare --user)'

const run = async ([command = '', ...args]: string[], env: Record<string, string> = {}) => {
  const child = spawn(command, args, { env: { ...environment(), ...env } })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  const [code, out, error] = await Promise.all([promise, text(child.stdout), text(child.stderr)])
  return { code, out, error }
}

t.test('a user id without a name runs PostgreSQL', { skip: cannot(asNobodyKnown) }, async (t) => {
  const [port = 0] = await freePorts(1)
  const folder = join(t.testdir({}), 'postgres')
  const start = [process.execPath, fixture, folder, `${port}`]
  t.strictSame(await run([...asNobodyKnown, ...start]), { code: 0, out: 'accepting\n', error: '' })

  const refused = await run([...asNobodyKnown, 'env', 'PATH=/nowhere', ...start])
  t.equal(
    refused.error,
    'PostgreSQL requires a user with a name; the id 12345 has none, and unshare does not work here. Run this as a user in /etc/passwd, or set DATABASE_URL.\n',
  )
})

/** Runs a program with `$FULL`, a disk of this many KiB; `filled` leaves no free space. */
const onSmallDisk = (kib: number, filled: boolean, ...program: string[]): string[] => {
  const fill = filled ? '; head -c 1000000 /dev/zero > "$FULL/zeros" 2> /dev/null' : ''
  const script = `mount -t tmpfs -o size=${kib}k tmpfs "$FULL"${fill}; exec "$@"`
  return [...withMounts, 'sh', '-c', script, 'sh', ...program]
}

t.test('a full disk is one message', { skip: cannot(withMounts) }, async (t) => {
  const FULL = t.testdir({})
  const error =
    /^The disk( that holds .*)? is full\. Make room on it, or set STATE_DIR to a folder on another\.\n$/
  const launcher = join(import.meta.dirname, '../run.ts')
  const settings = { FULL, STATE_DIR: FULL, REDIS_URL: 'redis://127.0.0.1:1', SCENARIOS: '' }
  const atStart = await run(onSmallDisk(64, true, process.execPath, launcher), settings)
  t.match(atStart, { code: 1, error })

  const folder = join(FULL, 'postgres')
  const [port = 0] = await freePorts(1)
  const initdb = onSmallDisk(12_000, false, process.execPath, fixture, folder, `${port}`)
  t.match(await run(initdb, settings), { code: 1, error })
})

const odd = "we\"ird, $HOME \\ *[a]? %41 #1 'x' `date` ü"

t.test('PostgreSQL and Valkey run in a folder with special characters in its name', async (t) => {
  const program = environment().TEST_VALKEY_PROGRAM
  const folder = join(t.testdir({}), odd)
  const supervisor = new Supervisor()
  t.teardown(() => supervisor.stopAll())
  const [port = 0, valkeyPort = 0] = await freePorts(2)
  // The programs are in that folder too, as in a checkout of that name.
  const { initdb, postgres } = await findBinaries()
  const native = join(folder, 'native')
  mkdirSync(folder)
  cpSync(dirname(dirname(initdb)), native, { recursive: true })
  const start = { supervisor, folder: join(folder, 'pg'), port, password: 'p%40$', durable: false }
  mkdirSync(start.folder)
  await initialise(start, join(native, 'bin/initdb'), accountFor(postgres, folder))
  await startPostgres(start)
  t.ok(existsSync(join(start.folder, 'data/postmaster.pid')))
  if (program === undefined) return t.pass('there is no Valkey')
  t.ok(await startValkey({ supervisor, program, folder: join(folder, 'valkey'), port: valkeyPort }))
})

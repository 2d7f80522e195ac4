import './env-file.ts'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, environment, readSettings } from '@flash-deal/config'
import { onEnd } from './lifetime.ts'
import { root, stateFolder } from './paths.ts'
import { sentenceOf } from './plain-error.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { isAlive } from './process-info.ts'
import { readSecrets } from './secrets.ts'
import { prepareStateFolder } from './state-folder.ts'
import { Supervisor } from './supervisor.ts'
import { type Counts, countTests } from './tap-counts.ts'
import { failuresIn } from './tap-failures.ts'
import { findRedis, startLockServers, startValkey } from './valkey.ts'

/**
 * `make test`: all tests, or the files that are named, on a PostgreSQL and a Valkey of their own on
 * free ports, so that it works beside `make run`. The last line is `N passed, N failed`.
 */

const tap = join(root, 'node_modules/.bin/tap')

type Surroundings = { supervisor: Supervisor; env: Environment; state: string; folder: string }

const main = async (): Promise<number> => {
  const state = stateFolder(readSettings('local'))
  const folder = join(state, `test-${process.pid}`)
  prepareStateFolder(state)
  await removeLeftovers(state)
  mkdirSync(folder)
  const around = { supervisor: new Supervisor(), env: environment(), state, folder }
  onEnd(around.env, {
    end: () => {
      // What a test is in the midst of need not end gently.
      around.supervisor.hurry()
      void endAll(around).then(() => process.exit(130))
    },
    hurry: () => around.supervisor.hurry(),
  })
  try {
    return await runTests(around, process.argv.slice(2))
  } finally {
    await endAll(around)
  }
}

const endAll = async ({ supervisor, folder }: Surroundings): Promise<void> => {
  await supervisor.stopAll()
  await rm(folder, { recursive: true, force: true })
}

/** Of runs that were killed. */
const removeLeftovers = async (state: string): Promise<void> => {
  for (const name of await readdir(state)) {
    const pid = Number(/^test-(\d+)$/.exec(name)?.[1])
    if (pid && !isAlive(pid)) await rm(join(state, name), { recursive: true, force: true })
  }
}

const runTests = async (around: Surroundings, files: string[]): Promise<number> => {
  const [postgresPort = 0, valkeyPort = 0, ...lockPorts] = await freePorts(5)
  const [database, redis] = await Promise.all([
    databaseFor(around, postgresPort),
    redisFor(around, valkeyPort, lockPorts),
  ])
  const env = {
    ...around.env,
    ...redis,
    TEST_DATABASE_URL: database,
    // Without a terminal the reporter is not to redraw its lines.
    ...(process.stdout.isTTY ? {} : { CI: 'true' }),
  }
  await buildTap(around, env)
  const raw = join(around.folder, 'tests.tap')
  const code = await runTap(around, env, ['--reporter=base', `--output-file=${raw}`, ...files])
  const told = existsSync(raw) ? readFileSync(raw, 'utf8') : ''
  const counts = countTests(told)
  for (const failure of failuresIn(told)) console.log(failure)
  return report(counts, code, around.env.REQUIRE_ALL === '1')
}

/** tap as it was installed brings its own TypeScript; what it builds is gone with node_modules. */
const buildTap = async (around: Surroundings, env: Environment): Promise<void> => {
  const built = join(root, 'node_modules/.tap-built')
  if (existsSync(built)) return
  await runTap(around, env, ['build'])
  writeFileSync(built, '')
}

const databaseFor = async (
  { supervisor, env, folder }: Surroundings,
  port: number,
): Promise<string> => {
  if (env.TEST_DATABASE_URL) return env.TEST_DATABASE_URL
  const password = readSecrets(folder).POSTGRES_PASSWORD
  return startPostgres({
    supervisor,
    folder: join(folder, 'postgres'),
    port,
    password,
    durable: false,
  })
}

/** Where none is named: one of our own, three for locks, and the program for a test's own. */
const redisFor = async (
  around: Surroundings,
  port: number,
  lockPorts: readonly number[],
): Promise<Environment> => {
  const { supervisor, env, state, folder } = around
  const found = await findRedis(env, join(state, 'tools'), { setting: 'TEST_REDIS_URL' })
  if (found.how === 'environment') return {}
  if (found.how === 'none') {
    console.log(`The tests run without Redis: ${found.reason}.`)
    return {}
  }
  const start = { supervisor, env, program: found.program }
  const [redis, locks] = await Promise.all([
    startValkey({ ...start, folder: join(folder, 'valkey'), port }),
    startLockServers({ ...start, folder, ports: lockPorts }),
  ])
  return {
    TEST_REDIS_URL: redis,
    TEST_REDLOCK_URLS: locks.join(),
    TEST_VALKEY_PROGRAM: found.program,
  }
}

const runTap = async (
  { supervisor }: Surroundings,
  env: Environment,
  args: string[],
): Promise<number> => {
  const command = process.execPath
  supervisor.start({
    name: 'tap',
    kind: 'service',
    command,
    args: [tap, ...args],
    env,
    cwd: root,
    output: 'inherit',
  })
  return (await supervisor.exited('tap'))?.code ?? 1
}

/** Says what was skipped, counts, and answers the exit code. */
const report = (
  { passed, failed, skipped }: Counts,
  tapCode: number,
  requireAll: boolean,
): number => {
  for (const title of skipped) console.log(`SKIPPED: ${title}`)
  let failures = failed + (requireAll ? skipped.length : 0)
  if (tapCode !== 0 && failures === 0) {
    console.log(`tap ended with exit code ${tapCode} although no test failed: see above.`)
    failures = 1
  }
  if (passed + failures === 0) console.log('No test ran. Name test files, or none to run all.')
  // On a line of its own, whatever the reporter left on the one before.
  console.log(`\n${passed} passed, ${failures} failed`)
  return passed > 0 && failures === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}

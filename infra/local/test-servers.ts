import { mkdirSync, symlinkSync } from 'node:fs'
import { readdir, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, readSettings } from '@flash-deal/config'
import { dropDatabase, migrate } from '@flash-deal/sql'
import { findKafka } from './kafka.ts'
import { memoryFolder } from './memory-folder.ts'
import { stateFolder } from './paths.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { isAlive } from './process-info.ts'
import { readSecrets } from './secrets.ts'
import { prepareStateFolder } from './state-folder.ts'
import type { Supervisor } from './supervisor.ts'
import { findRedis, startLockServers, startValkey } from './valkey.ts'

/** The servers that all test files of a run share: PostgreSQL with a migrated database, and Valkey. */

export type TestServers = {
  /** The environment for the tests, see `servers()` of `@flash-deal/testing`. */
  env: Environment
  /** Removes the files. The servers end with the supervisor. */
  end(): Promise<void>
}

/**
 * Starts the servers that the environment does not configure, on free ports, so that tests run beside
 * `make run`. Under `make test` all servers are configured already.
 *
 * @throws PlainError if PostgreSQL does not start
 */
export const startTestServers = async (
  supervisor: Supervisor,
  env: Environment,
): Promise<TestServers> => {
  if (env.TEST_TEMPLATE_DATABASE) return { env: {}, end: async () => {} }
  const state = stateFolder(readSettings('local'))
  const folder = join(state, `test-${process.pid}`)
  prepareStateFolder(state)
  await removeLeftovers(state)
  mkdirSync(folder)
  const start = { supervisor, env, state, folder }
  const [postgresPort = 0, valkeyPort = 0, ...lockPorts] = await freePorts(5)
  const [database, redis, kafka] = await Promise.all([
    databaseFor(start, postgresPort),
    redisFor(start, valkeyPort, lockPorts),
    kafkaFor(start),
  ])
  return {
    env: { ...redis, ...kafka, ...database.env, TEST_PROGRAMS: join(folder, 'programs') },
    end: async () => {
      await database.end()
      await supervisor.stopAll()
      await removeFolder(folder)
    },
  }
}

type Start = { supervisor: Supervisor; env: Environment; state: string; folder: string }

/** Removes the folders of killed runs. */
const removeLeftovers = async (state: string): Promise<void> => {
  for (const name of await readdir(state)) {
    const pid = Number(/^test-(\d+)$/.exec(name)?.[1])
    if (pid && !isAlive(pid)) await removeFolder(join(state, name))
  }
}

const linkOf = (folder: string): string => join(folder, 'in-memory')

/** Removes the folder of a run, and the one in memory that it links to. */
const removeFolder = async (folder: string): Promise<void> => {
  const linked = await readlink(linkOf(folder)).catch(() => undefined)
  for (const each of [linked, folder])
    if (each !== undefined) await rm(each, { recursive: true, force: true })
}

/**
 * The folder of PostgreSQL, in memory if possible: copying the template takes 12 ms of CPU time
 * there, and up to 300 ms on a disk.
 */
const databaseFolder = (folder: string): string => {
  const inMemory = memoryFolder()
  if (inMemory === undefined) return join(folder, 'postgres')
  symlinkSync(inMemory, linkOf(folder))
  return inMemory
}

/** Each test copies this template database instead of running the migrations. */
const databaseFor = async (start: Start, port: number): Promise<TestServers> => {
  const own = start.env.TEST_DATABASE_URL
  const adminUrl = own || (await postgresFor(start, port))
  const template = `test_template_${process.pid}`
  await migrate({ adminUrl, database: template })
  return {
    env: { TEST_DATABASE_URL: adminUrl, TEST_TEMPLATE_DATABASE: template },
    end: async () => {
      if (own) await dropDatabase(adminUrl, template)
    },
  }
}

const postgresFor = async ({ supervisor, folder }: Start, port: number): Promise<string> =>
  startPostgres({
    supervisor,
    folder: databaseFolder(folder),
    port,
    password: readSecrets(folder).POSTGRES_PASSWORD,
    durable: false,
  })

/** One server for data, three for locks, and the program for tests that start their own. */
const redisFor = async (
  { supervisor, env, state, folder }: Start,
  port: number,
  lockPorts: readonly number[],
): Promise<Environment> => {
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

/** Where the programs are: a broker takes seconds to start, so only tests that need one start it. */
const kafkaFor = async ({ env, state }: Start): Promise<Environment> => {
  const found = await findKafka(env, { tools: join(state, 'tools') })
  if ('reason' in found) {
    console.log(`The tests run without Kafka: ${found.reason}.`)
    return {}
  }
  return { TEST_KAFKA_JAVA: found.java, TEST_KAFKA_FOLDER: found.folder }
}

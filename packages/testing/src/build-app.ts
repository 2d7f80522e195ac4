import {
  type AppName,
  readSettings,
  resolveScenarios,
  type Scenarios,
  type Settings,
} from '@flash-deal/config'
import { type App, type CreateOptions, createService } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { type FreshDatabase, freshDatabase } from './fresh-database.ts'
import { servers } from './servers.ts'

/** The methods of tap's test that are used here. */
export type Test = { teardown(work: () => unknown): unknown }

export type BuildOptions = {
  /** In the form of environment variables. */
  settings?: Record<string, string>
  scenarios?: Partial<Scenarios>
  /** The database of another app of the same test. */
  database?: FreshDatabase
  /** The stream for log lines, for a test that reads them and sets a `LOG_LEVEL`. */
  logStream?: CreateOptions['logStream']
}

export const internalKey = 'the internal key of the tests'

/**
 * Background rounds run only when a test starts one. Timeouts are long enough for a busy machine, and
 * rate limits high enough for tests that share one address and one Redis. A test of a timeout or a
 * rate limit sets its own.
 */
const testSettings = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  INTERNAL_KEY: internalKey,
  SWEEP_INTERVAL_MS: '600000',
  RELAY_INTERVAL_MS: '600000',
  DEADLINE_MS: '30000',
  QUERY_TIMEOUT_MS: '20000',
  REDIS_TIMEOUT_MS: '5000',
  BREAKER_TIMEOUT_MS: '30000',
  RETENTION_INTERVAL_MS: '86400000',
  INVARIANTS_INTERVAL_MS: '86400000',
  RATE_LIMIT_ADDRESS: '1000000',
  RATE_LIMIT_USER: '1000000',
  RATE_LIMIT_LOGINS: '1000000',
}

/** Builds a complete app on a fresh database, without listening. It is closed when the test ends. */
export const buildApp = async <Name extends AppName>(
  t: Test,
  name: Name,
  plugin: App<Name>,
  options: BuildOptions = {},
): Promise<FastifyInstance> => {
  // The gateway has no database.
  const database =
    options.database ?? (name === 'gateway' ? undefined : await databaseFor(t, options.scenarios))
  const environment = testEnvironment({ ...options, ...(database && { database }) })
  const settings: Settings<Name> = readSettings(name, environment)
  const { scenarios } = resolveScenarios(options.scenarios, {})
  const app = await createService({
    name,
    settings,
    scenarios,
    logStream: options.logStream,
  })
  t.teardown(() => app.close())
  app.register(plugin, { settings, scenarios })
  await app.ready()
  return app
}

/** The environment of an app, also for a separate process. */
export const testEnvironment = ({ database, settings }: BuildOptions): Record<string, string> => {
  const { redisUrl, redlockUrls } = servers()
  return {
    ...testSettings,
    ...database?.urls,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(redlockUrls && { REDLOCK_URLS: redlockUrls }),
    ...settings,
  }
}

const databaseFor = async (t: Test, scenarios?: Partial<Scenarios>): Promise<FreshDatabase> => {
  const database = await freshDatabase(scenarios)
  t.teardown(() => database.drop())
  return database
}

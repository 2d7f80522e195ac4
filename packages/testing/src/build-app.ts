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

/** The part of tap's test that is needed here. */
export type Test = { teardown(work: () => unknown): unknown }

export type BuildOptions = {
  /** As they would stand in the environment. */
  settings?: Record<string, string>
  scenarios?: Partial<Scenarios>
  /** One that another app of the same test uses already. */
  database?: FreshDatabase
  /** Where log lines go, for a test that reads them; with a `LOG_LEVEL` that writes some. */
  logStream?: CreateOptions['logStream']
}

export const internalKey = 'the internal key of the tests'

/**
 * Rounds in the background come only when a test asks for one, nothing times out because the machine
 * is busy, and nothing is refused because tests send much from one address, counted in one Redis: a
 * test of a timeout or a rate limit sets it.
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
  RATE_LIMIT_ADDRESS: '1000000',
  RATE_LIMIT_USER: '1000000',
  RATE_LIMIT_LOGINS: '1000000',
}

/** An app as it runs, on a fresh database, not listening; closed when the test is over. */
export const buildApp = async <Name extends AppName>(
  t: Test,
  name: Name,
  plugin: App<Name>,
  options: BuildOptions = {},
): Promise<FastifyInstance> => {
  // The gateway has none.
  const database =
    options.database ?? (name === 'gateway' ? undefined : await databaseFor(t, options.scenarios))
  const { redisUrl, redlockUrls } = servers()
  const settings: Settings<Name> = readSettings(name, {
    ...testSettings,
    ...database?.urls,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(redlockUrls && { REDLOCK_URLS: redlockUrls }),
    ...options.settings,
  })
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

const databaseFor = async (t: Test, scenarios?: Partial<Scenarios>): Promise<FreshDatabase> => {
  const database = await freshDatabase(scenarios)
  t.teardown(() => database.drop())
  return database
}

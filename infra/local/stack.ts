import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Environment,
  environment,
  readSettings,
  resolveScenarios,
  type Scenarios,
  type Settings,
  settingsSchemas,
} from '@flash-deal/config'
import { migrate, pooledTimeoutOf } from '@flash-deal/sql'
import postgres from 'postgres'
import { programsFor } from './go-services.ts'
import { type BrokersFor, kafkaOnDemand } from './kafka-on-demand.ts'
import { loadLimits } from './load-limits.ts'
import { root, stateFolder } from './paths.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { ready } from './ready.ts'
import { redlockOf } from './redlock.ts'
import { readSecrets } from './secrets.ts'
import {
  addressOf,
  databaseUrls,
  rolePasswords,
  type ServiceName,
  serviceEnvironments,
  servicesOf,
} from './services.ts'
import { prepareStateFolder } from './state-folder.ts'
import { type ChildSpec, Supervisor } from './supervisor.ts'
import { checkStart, startSystem } from './system.ts'
import type { SystemStart } from './system-start.ts'

/** Starts a complete system on free ports, for measurements and fault tests. */

export type StackOptions = {
  /** Environment variables: settings of the services, and scenarios (`SCENARIO_E2`). */
  settings?: Environment
  /** Called for each log line of a service. */
  onLine?: (name: string, line: string) => void
  /** Aborts downloads in progress. */
  abort?: AbortSignal
}

export type Stack = {
  settings: Settings<'local'>
  supervisor: Supervisor
  /** The gateway's address. */
  url: string
  addresses: Readonly<Record<ServiceName, string>>
  /** Database URLs with the services' own roles, for the invariant checker. */
  databases: { productUrl: string; orderUrl: string }
  /** The URL of the services' database with the superuser's role. */
  adminUrl: string
  /** The key that authenticates calls between services. */
  internalKey: string
  /**
   * Starts a child that has ended or was killed, as it was started first but for these settings, and
   * waits until it can work.
   */
  restart(name: string, settings?: Environment): Promise<void>
  /** Like `restart`, without waiting: dependencies of the service may be unavailable. */
  restartUnready(name: ServiceName, settings?: Environment): Promise<void>
  /**
   * Starts an additional instance of a service with other settings, and waits until it is ready. Other
   * services do not use it; it is reachable at the returned address.
   */
  startBeside(instance: Instance): Promise<string>
  /**
   * Copies the database of the services with all that is in it, and brings the copy to these
   * scenarios. It must have no connections, so the services must have been stopped.
   */
  copyDatabase(name: string, scenarios: Partial<Scenarios>): Promise<void>
  /** The settings with which a service uses a copy, for `startBeside`. */
  settingsFor(database: string): Environment
  /** Ends all processes and removes their files. */
  end(): Promise<void>
}

export type Instance = {
  service: ServiceName
  /** The child's name in the supervisor. */
  name: string
  port: number
  settings?: Environment
}

/**
 * Starts PostgreSQL, Valkey if it is available, and the four services on free ports, in a separate
 * folder below the state folder. The user's settings have no effect on it. Its rate limits are
 * too high to be met.
 *
 * @throws PlainError if a part does not start; all processes have ended by then
 */
export const startStack = async (options: StackOptions = {}): Promise<Stack> => {
  const start = await prepare(options)
  const brokersFor = kafkaOnDemand(start)
  const specs = new Map<string, ChildSpec>()
  start.supervisor.onExit(({ spec }) => {
    // The settings of a restart apply to that start only.
    if (!specs.has(spec.name)) specs.set(spec.name, spec)
  })
  const end = async (): Promise<void> => {
    await start.supervisor.stopAll()
    await rm(start.state, { recursive: true, force: true })
  }
  try {
    await checkStart(start)
    await startSystem(start)
  } catch (error) {
    await end()
    throw error
  }
  return {
    ...waysInto(start),
    restart: (name, own) => restart(start, specs, name, own),
    restartUnready: (name, own) => startAgain(start, specs, name, own),
    startBeside: (instance) => startBeside(start, brokersFor, instance),
    copyDatabase: (name, scenarios) => copyDatabase(start, name, scenarios),
    settingsFor: (database) => settingsFor(start, database),
    end,
  }
}

const prepare = async ({
  settings = {},
  onLine,
  abort = new AbortController().signal,
}: StackOptions): Promise<SystemStart> => {
  const parent = stateFolder(readSettings('local'))
  prepareStateFolder(parent)
  const state = mkdtempSync(join(parent, `stack-${process.pid}-`))
  const inherited = {
    ...withoutSettings(environment()),
    NODE_COMPILE_CACHE: join(parent, 'compile-cache'),
    STATE_DIR: state,
    ...(await ports()),
    ...loadLimits,
    ...settings,
  }
  return {
    settings: readSettings('local', inherited),
    resolved: resolveScenarios({}, inherited),
    inherited,
    state,
    tools: join(parent, 'tools'),
    supervisor: new Supervisor(onLine),
    watch: false,
    abort,
    say: () => {},
  }
}

const portNames = [
  'ENVOY_GATEWAY',
  'GATEWAY',
  'AUTH',
  'PRODUCT',
  'PRODUCT_GRPC',
  'ORDER',
  'POSTGRES',
  'VALKEY',
  'KAFKA',
  'KAFKA_CONTROLLER',
]

const ports = async (): Promise<Environment> => {
  const free = await freePorts(portNames.length + 3)
  const own = portNames.map((name) => [`${name}_PORT`, String(free.pop())])
  return { ...Object.fromEntries(own), REDLOCK_PORTS: free.join() }
}

const withoutSettings = (env: Environment): Environment => {
  const isSetting = (name: string): boolean =>
    name in settingsSchemas.local.shape || /^(TEST_|SCENARIO)|_URL$|^KEYS_DIR$/.test(name)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)))
}

const superuserUrl = ({ settings, state }: SystemStart, database: string): string => {
  const { POSTGRES_PASSWORD } = readSecrets(state)
  return `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${settings.POSTGRES_PORT}/${database}`
}

/** Keyed by service. */
const urlsOf = (start: SystemStart, database: string) =>
  databaseUrls({
    ...start,
    settings: { ...start.settings, DATABASE_NAME: database },
    secrets: readSecrets(start.state),
    adminUrl: superuserUrl(start, 'postgres'),
  })

const settingsFor = (start: SystemStart, database: string): Environment =>
  Object.fromEntries(
    Object.entries(urlsOf(start, database)).map(([service, url]) => [
      `${service.toUpperCase()}_DATABASE_URL`,
      url,
    ]),
  )

const copyDatabase = async (
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

const waysInto = (
  start: SystemStart,
): Pick<
  Stack,
  'settings' | 'supervisor' | 'url' | 'addresses' | 'databases' | 'adminUrl' | 'internalKey'
> => {
  const { settings, supervisor, state, inherited } = start
  const urls = urlsOf(start, settings.DATABASE_NAME)
  const addresses = Object.fromEntries(
    servicesOf(settings).map((service) => [service.name, addressOf(service)]),
  ) as Record<ServiceName, string>
  return {
    settings,
    supervisor,
    url: addresses.gateway,
    addresses,
    databases: { productUrl: urls.product, orderUrl: urls.order },
    adminUrl: superuserUrl(start, settings.DATABASE_NAME),
    internalKey: inherited.INTERNAL_KEY || readSecrets(state).INTERNAL_KEY,
  }
}

const restart = async (
  start: SystemStart,
  specs: ReadonlyMap<string, ChildSpec>,
  name: string,
  settings?: Environment,
): Promise<void> => {
  const { supervisor } = start
  await supervisor.exited(name)
  if (name === 'postgres') return restartPostgres(start)
  await startAgain(start, specs, name, settings)
  const service = servicesOf(start.settings).find((each) => each.name === name)
  if (service !== undefined) await ready(supervisor, service)
}

const startAgain = async (
  { supervisor }: SystemStart,
  specs: ReadonlyMap<string, ChildSpec>,
  name: string,
  settings: Environment = {},
): Promise<void> => {
  await supervisor.exited(name)
  const spec = specs.get(name)
  if (spec === undefined) throw new Error(`${name} is still running and cannot be restarted.`)
  supervisor.start({ ...spec, env: { ...spec.env, ...settings } })
}

const startBeside = async (
  start: SystemStart,
  brokersFor: BrokersFor,
  { service, name, port, settings = {} }: Instance,
): Promise<string> => {
  const own = servicesOf(start.settings).find((each) => each.name === service)
  if (own === undefined) throw new Error(`There is no service ${service}.`)
  const { scenarios } = resolveScenarios({}, { ...start.inherited, ...settings })
  const env = serviceEnvironments({
    ...start,
    secrets: readSecrets(start.state),
    adminUrl: superuserUrl(start, 'postgres'),
    redisUrl: `redis://127.0.0.1:${start.settings.VALKEY_PORT}`,
    redlockUrls: service === 'product' ? await redlockFor(start, settings) : [],
    kafkaBrokers: await brokersFor(scenarios),
  })[service]
  const programOf = await programsFor(start, scenarios)
  start.supervisor.start({
    name,
    kind: 'service',
    ...programOf(own),
    env: { ...env, [`${service.toUpperCase()}_PORT`]: String(port), ...settings },
    cwd: root,
    output: 'lines',
  })
  const instance = { ...own, name, port }
  await ready(start.supervisor, instance)
  return addressOf(instance)
}

/** An instance may have a scenario that the stack does not have. */
const redlockFor = async (
  start: SystemStart,
  settings: Environment,
): Promise<readonly string[]> => {
  const resolved = resolveScenarios({}, { ...start.inherited, ...settings })
  return (await redlockOf(start, resolved))()
}

const restartWithinMs = 15_000

/** PostgreSQL does not start while a child of the killed server is still running. */
const restartPostgres = async (start: SystemStart): Promise<void> => {
  const { supervisor, state, settings } = start
  const deadline = Date.now() + restartWithinMs
  for (;;) {
    try {
      const password = readSecrets(state).POSTGRES_PASSWORD
      const folder = join(state, 'postgres')
      await startPostgres({ supervisor, folder, port: settings.POSTGRES_PORT, password })
      return
    } catch (error) {
      if (supervisor.isEnding || Date.now() > deadline) throw error
      await sleep(100)
    }
  }
}

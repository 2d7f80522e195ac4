import { join } from 'node:path'
import {
  type Environment,
  metricsPortOffset,
  needing,
  type Resolved,
  type Settings,
} from '@flash-deal/config'
import { checkAddress, migrate, pooledTimeoutOf } from '@flash-deal/sql'
import type { Behind } from './api-client.ts'
import { kafkaOf, kafkaPorts } from './broker.ts'
import { checkConnections, connectionLimitOf } from './connections.ts'
import { envoyOf, envoyPorts } from './envoy-before.ts'
import { type ProgramOf, programsFor, watchOptions } from './go-services.ts'
import { refuseKong } from './kong.ts'
import { root } from './paths.ts'
import { checkPorts, type WantedPort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { checkReachable, type Wanted } from './reachable.ts'
import { ready } from './ready.ts'
import { redisOf } from './redis.ts'
import { redlockOf, startsLockServers } from './redlock.ts'
import { readSecrets } from './secrets.ts'
import {
  databaseUrls,
  rolePasswords,
  type Service,
  type Surroundings,
  serviceEnvironments,
  servicesOf,
} from './services.ts'
import type { ChildSpec } from './supervisor.ts'
import type { SystemStart } from './system-start.ts'

/** The system on this machine: PostgreSQL, Valkey if it is available, and the four services. */

export type System = {
  /** Without user and password. */
  postgres: string
  redis: string
}

/** Checks everything before the first process starts. */
export const checkStart = async ({ settings, resolved, inherited }: SystemStart): Promise<void> => {
  const { HOST: host, POSTGRES_PORT, VALKEY_PORT } = settings
  refuseKong(resolved.scenarios)
  if (settings.DATABASE_URL) checkAddress(settings.DATABASE_URL)
  await Promise.all(ownServers(settings, resolved, inherited).map(checkReachable))
  const own: WantedPort[] = [
    ...(settings.DATABASE_URL
      ? []
      : [{ setting: 'POSTGRES_PORT', use: 'PostgreSQL', port: POSTGRES_PORT, host: '127.0.0.1' }]),
    ...(inherited.REDIS_URL
      ? []
      : [{ setting: 'VALKEY_PORT', use: 'Valkey', port: VALKEY_PORT, host: '127.0.0.1' }]),
    ...(startsLockServers(settings, resolved.scenarios) ? redlockPorts(settings) : []),
    ...(resolved.scenarios.H1 === 'grpc'
      ? [{ setting: 'PRODUCT_GRPC_PORT', use: 'gRPC', port: settings.PRODUCT_GRPC_PORT, host }]
      : []),
    ...envoyPorts(settings, resolved.scenarios),
    ...kafkaPorts(settings, resolved.scenarios),
  ]
  await checkPorts([...servicesOf(settings).flatMap((service) => portsOf(service, host)), ...own])
}

/** Servers that the user has configured and that are required. */
const ownServers = (
  { DATABASE_URL }: Settings<'local'>,
  { scenarios }: Resolved,
  { REDIS_URL }: Environment,
): Wanted[] => [
  ...(DATABASE_URL
    ? [{ what: 'PostgreSQL', setting: 'DATABASE_URL', url: DATABASE_URL, defaultPort: 5432 }]
    : []),
  ...(REDIS_URL && needing('redis', scenarios).length > 0
    ? [{ what: 'Redis', setting: 'REDIS_URL', url: REDIS_URL, defaultPort: 6379 }]
    : []),
]

const redlockPorts = ({ REDLOCK_PORTS }: Settings<'local'>): WantedPort[] =>
  REDLOCK_PORTS.map((port) => ({
    setting: 'REDLOCK_PORTS',
    use: 'Redlock',
    port,
    host: '127.0.0.1',
  }))

const portsOf = ({ name, port }: Service, host: string): WantedPort[] => {
  const setting = `${name.toUpperCase()}_PORT`
  return [
    { setting, use: name, port, host },
    { setting, use: `${name}'s metrics`, port: port + metricsPortOffset, host },
  ]
}

/** Work that the services behind the gateway have to do before the gateway listens. */
export type BeforeGateway = (behind: Behind) => Promise<void>

/**
 * Starts everything in the order of the dependencies. Failures are thrown as PlainError; the owner of
 * the supervisor ends the processes started so far.
 */
export const startSystem = async (
  start: SystemStart,
  beforeGateway?: BeforeGateway,
): Promise<System> => {
  const secrets = readSecrets(start.state)
  const redis = await redisOf(start)
  const redlock = await redlockOf(start, start.resolved)
  const startEnvoy = await envoyOf(start)
  const programOf = await programsFor(start, start.resolved.scenarios)
  const kafka = await kafkaOf(start)
  const [adminUrl, redisUrl, redlockUrls, kafkaBrokers] = await Promise.all([
    postgresOf(start, secrets.POSTGRES_PASSWORD),
    redis.url(),
    redlock(),
    kafka(),
  ])
  const around: Surroundings = { ...start, secrets, adminUrl, redisUrl, redlockUrls, kafkaBrokers }
  const roles = rolePasswords(databaseUrls(around))
  const { scenarios } = start.resolved
  checkConnections(scenarios.E5, await connectionLimitOf(adminUrl))
  await migrate({
    adminUrl,
    database: start.settings.DATABASE_NAME,
    roles,
    scenarios,
    ...pooledTimeoutOf(start.settings),
  })
  start.say('Starting the services …')
  const environments = serviceEnvironments(around)
  await startEnvoy(environments.gateway)
  const startThose = startServices(start, environments, programOf)
  if (beforeGateway) {
    await startThose(({ name }) => name !== 'gateway')
    await beforeGateway(behindOf(environments.gateway))
    await startThose(({ name }) => name === 'gateway')
  } else await startThose(() => true)
  return {
    postgres: withoutLogin(adminUrl, start.settings.DATABASE_NAME),
    redis: redisUrl ? withoutLogin(redisUrl) : redis.absence,
  }
}

const postgresOf = async (start: SystemStart, password: string): Promise<string> => {
  if (start.settings.DATABASE_URL) return start.settings.DATABASE_URL
  start.say('Starting PostgreSQL …')
  const folder = join(start.state, 'postgres')
  return startPostgres({
    supervisor: start.supervisor,
    folder,
    port: start.settings.POSTGRES_PORT,
    password,
  })
}

/** The first address of each service that the gateway sends requests to. */
const behindOf = (gateway: Environment): Behind => {
  const first = (setting: string): string => gateway[setting]?.split(',')[0]?.trim() ?? ''
  return {
    urls: { auth: first('AUTH_URLS'), product: first('PRODUCT_URLS'), order: first('ORDER_URLS') },
    internalKey: gateway.INTERNAL_KEY ?? '',
  }
}

/** @returns the function that starts some of the services, and waits until they are ready */
const startServices =
  (
    start: SystemStart,
    environments: ReturnType<typeof serviceEnvironments>,
    programOf: ProgramOf,
  ) =>
  async (isWanted: (service: Service) => boolean): Promise<void> => {
    const services = servicesOf(start.settings).filter(isWanted)
    for (const service of services)
      start.supervisor.start(specOf(start, service, environments[service.name], programOf))
    await Promise.all(services.map((service) => ready(start.supervisor, service)))
  }

const specOf = (
  { watch }: SystemStart,
  service: Service,
  env: Environment,
  programOf: ProgramOf,
): ChildSpec => ({
  name: service.name,
  kind: 'service',
  ...programOf(service, watch ? watchOptions : []),
  env,
  cwd: root,
  output: 'lines',
})

const withoutLogin = (address: string, database?: string): string => {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  if (database) url.pathname = `/${database}`
  return url.href
}

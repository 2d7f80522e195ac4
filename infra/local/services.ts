import { join } from 'node:path'
import type { Environment, Resolved, Settings } from '@flash-deal/config'
import { passwordOf, roleUrl } from '@flash-deal/sql'
import { serviceEnvironment } from './child-environment.ts'
import { root } from './paths.ts'
import type { Secrets } from './secrets.ts'

/** The four services: their addresses, their environments and their secrets. */

export type ServiceName = 'auth' | 'product' | 'order' | 'gateway'
type LocalSettings = Settings<'local'>

const roles = { auth: 'auth_service', product: 'product_service', order: 'order_service' } as const
type Database = keyof typeof roles

export type Service = { name: ServiceName; entry: string; host: string; port: number }

export const servicesOf = (settings: LocalSettings): Service[] => {
  const ports: [ServiceName, number][] = [
    ['auth', settings.AUTH_PORT],
    ['product', settings.PRODUCT_PORT],
    ['order', settings.ORDER_PORT],
    ['gateway', settings.GATEWAY_PORT],
  ]
  const host = reachable(settings.HOST)
  return ports.map(([name, port]) => ({
    name,
    port,
    host,
    entry: join(root, 'apps', name, 'src/server.ts'),
  }))
}

/** The address to connect to for a service that listens on all interfaces. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

export const addressOf = ({ host, port }: Pick<Service, 'host' | 'port'>): string =>
  `http://${host}:${port}`

export type Surroundings = {
  settings: LocalSettings
  resolved: Pick<Resolved, 'scenarios'>
  /** The environment of this process; its settings take precedence. */
  inherited: Environment
  state: string
  secrets: Secrets
  adminUrl: string
  redisUrl: string | undefined
  /** The lock servers of Redlock; empty if no scenario needs them. */
  redlockUrls: readonly string[]
  /** Empty if no scenario needs Kafka and KAFKA_BROKERS is not set. */
  kafkaBrokers: readonly string[]
}

/** The database URL of each service, with its own role. */
export const databaseUrls = ({
  settings,
  inherited,
  secrets,
  adminUrl,
}: Pick<Surroundings, 'settings' | 'inherited' | 'secrets' | 'adminUrl'>) => {
  const database = settings.DATABASE_NAME
  const secret = passwordOf(adminUrl) || secrets.POSTGRES_PASSWORD
  const url = (service: Database): string =>
    inherited[`${service.toUpperCase()}_DATABASE_URL`] ||
    roleUrl(roles[service], { adminUrl, database, secret })
  return { auth: url('auth'), product: url('product'), order: url('order') }
}

/** The passwords that the migrator sets for the roles. */
export const rolePasswords = (urls: Record<Database, string>) => ({
  auth_service: passwordOf(urls.auth),
  product_service: passwordOf(urls.product),
  order_service: passwordOf(urls.order),
})

/** The environment of each service. */
export const serviceEnvironments = (around: Surroundings): Record<ServiceName, Environment> => {
  const { inherited, state, secrets, redisUrl, redlockUrls, kafkaBrokers } = around
  const urls = databaseUrls(around)
  const base = {
    ...memory(state),
    ...serviceEnvironment(inherited),
    ...upstreams(around),
    INTERNAL_KEY: inherited.INTERNAL_KEY || secrets.INTERNAL_KEY,
  }
  const redis = redisUrl === undefined ? {} : { REDIS_URL: redisUrl }
  const redlock = redlockUrls.length === 0 ? {} : { REDLOCK_URLS: redlockUrls.join() }
  const kafka = kafkaBrokers.length === 0 ? {} : { KAFKA_BROKERS: kafkaBrokers.join() }
  const keys = { KEYS_DIR: inherited.KEYS_DIR || join(state, 'keys'), ...jwtKey(inherited) }
  return {
    auth: { ...base, ...keys, AUTH_DATABASE_URL: urls.auth },
    product: { ...base, ...redis, ...redlock, ...kafka, PRODUCT_DATABASE_URL: urls.product },
    order: { ...base, ...kafka, ORDER_DATABASE_URL: urls.order },
    gateway: { ...base, ...redis, ...gatewayBehind(around) },
  }
}

/** Envoy has the address of the gateway; the Node gateway trusts Envoy's forwarded headers. */
const gatewayBehind = ({ resolved, settings }: Surroundings): Environment =>
  resolved.scenarios.H5 === 'envoy'
    ? { GATEWAY_PORT: String(settings.ENVOY_GATEWAY_PORT), TRUSTED_PROXIES: '127.0.0.1' }
    : {}

/**
 * Limits the memory of the four processes: a compile cache, so that later starts do not strip types
 * again; one malloc arena, because each thread that hashes a password (19 MiB) would keep its own; and
 * a small young generation of the heap. The user can override all of them.
 */
const memory = (state: string): Environment => ({
  NODE_COMPILE_CACHE: join(state, 'compile-cache'),
  MALLOC_ARENA_MAX: '1',
  NODE_OPTIONS: '--max-semi-space-size=8',
})

const jwtKey = ({ JWT_PRIVATE_KEY }: Environment): Environment =>
  JWT_PRIVATE_KEY ? { JWT_PRIVATE_KEY } : {}

const upstreams = ({ settings, inherited }: Surroundings): Environment => {
  const host = reachable(settings.HOST)
  const grpc = { setting: 'PRODUCT_GRPC_URLS', host, port: settings.PRODUCT_GRPC_PORT }
  const services = servicesOf(settings)
    .filter(({ name }) => name !== 'gateway')
    .map((service) => ({ setting: `${service.name.toUpperCase()}_URLS`, ...service }))
  return Object.fromEntries(
    [...services, grpc].map((each) => [each.setting, inherited[each.setting] || addressOf(each)]),
  )
}

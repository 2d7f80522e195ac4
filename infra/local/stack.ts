import { rm } from 'node:fs/promises'
import type { Environment, Scenarios, Settings } from '@flash-deal/config'
import { kafkaOnDemand } from './kafka-on-demand.ts'
import { readSecrets } from './secrets.ts'
import { addressOf, type ServiceName, servicesOf } from './services.ts'
import { type Instance, restart, startAgain, startBeside } from './stack/children.ts'
import { copyDatabase, settingsFor, superuserUrl, urlsOf } from './stack/databases.ts'
import { prepare, type StackOptions } from './stack/prepare.ts'
import type { ChildSpec, Supervisor } from './supervisor.ts'
import { checkStart, startSystem } from './system.ts'
import type { SystemStart } from './system-start.ts'

/** Starts a complete system on free ports, for measurements and fault tests. */

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
   * Restarts a child that has ended or was killed, with its first settings and these, and waits until
   * it is ready.
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
   * Copies the database of the services with its data, and migrates the copy to these scenarios. The
   * database must have no connections, so the services must have been stopped.
   */
  copyDatabase(name: string, scenarios: Partial<Scenarios>): Promise<void>
  /** The settings with which a service uses a copy, for `startBeside`. */
  settingsFor(database: string): Environment
  /** Ends all processes and removes their files. */
  end(): Promise<void>
}

/**
 * Starts PostgreSQL, Valkey if it is available, and the four services on free ports, in a separate
 * folder below the state folder. The user's settings have no effect on it. Its rate limits are
 * too high to be reached.
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
    ...accessTo(start),
    restart: (name, own) => restart(start, specs, name, own),
    restartUnready: (name, own) => startAgain(start, specs, name, own),
    startBeside: (instance) => startBeside(start, brokersFor, instance),
    copyDatabase: (name, scenarios) => copyDatabase(start, name, scenarios),
    settingsFor: (database) => settingsFor(start, database),
    end,
  }
}

const accessTo = (
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

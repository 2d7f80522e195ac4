import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, resolveScenarios } from '@flash-deal/config'
import { programsFor } from '../go-services.ts'
import type { BrokersFor } from '../kafka-on-demand.ts'
import { root } from '../paths.ts'
import { startPostgres } from '../postgres.ts'
import { ready } from '../ready.ts'
import { redlockOf } from '../redlock.ts'
import { readSecrets } from '../secrets.ts'
import { addressOf, type ServiceName, serviceEnvironments, servicesOf } from '../services.ts'
import type { ChildSpec } from '../supervisor.ts'
import type { SystemStart } from '../system-start.ts'
import { superuserUrl } from './databases.ts'

export type Instance = {
  service: ServiceName
  /** The child's name in the supervisor. */
  name: string
  port: number
  settings?: Environment
  /** Options of Node; a service in Go has none. */
  nodeOptions?: readonly string[]
}

/** Restarts a child that has ended, and waits until it can work. */
export const restart = async (
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

/** Restarts a child that has ended, without waiting. */
export const startAgain = async (
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

/** Starts an additional instance of a service, and returns its address when it is ready. */
export const startBeside = async (
  start: SystemStart,
  brokersFor: BrokersFor,
  { service, name, port, settings = {}, nodeOptions }: Instance,
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
    ...programOf(own, nodeOptions),
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

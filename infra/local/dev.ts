import './env-file.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  environment,
  needing,
  readSettings,
  resolveScenarios,
  type Scenarios,
} from '@flash-deal/config'
import { migrate, pooledTimeoutOf } from '@flash-deal/sql'
import { createClient } from './api-client.ts'
import { kafkaOf } from './broker.ts'
import { connectionLimitOf } from './connections.ts'
import { programsFor, watchOptions } from './go-services.ts'
import { refuseKong } from './kong.ts'
import { onEnd } from './lifetime.ts'
import { createLogView, everything } from './log-view.ts'
import { root, stateFolder } from './paths.ts'
import { PlainError, sentenceOf } from './plain-error.ts'
import { startPostgres } from './postgres.ts'
import { purchaseCard } from './purchase-card.ts'
import { checkReachable } from './reachable.ts'
import { redisOf } from './redis.ts'
import { redlockOf } from './redlock.ts'
import { readSecrets } from './secrets.ts'
import { seed } from './seed.ts'
import {
  addressOf,
  databaseUrls,
  rolePasswords,
  type Service,
  serviceEnvironments,
  servicesOf,
} from './services.ts'
import { lockStateFolder, noteRun, prepareStateFolder } from './state-folder.ts'
import { Supervisor } from './supervisor.ts'
import type { SystemStart } from './system-start.ts'

/**
 * `turbo dev`: runs one part of the system in the foreground, as one task. Turborepo starts the tasks
 * concurrently, so each part waits for its dependencies.
 */

const say = (sentence: string): void => console.log(sentence)

/** Locks the state folder, as `make run` does, so that only one of the two runs. */
const postgres = async (start: SystemStart): Promise<void> => {
  const { settings, state, supervisor } = start
  await lockStateFolder(state)
  noteRun(state, supervisor.watchdogPid)
  const password = readSecrets(state).POSTGRES_PASSWORD
  if (settings.DATABASE_URL) return say('Using the PostgreSQL server of DATABASE_URL.')
  const port = settings.POSTGRES_PORT
  await startPostgres({ supervisor, folder: join(state, 'postgres'), port, password })
  say(`PostgreSQL accepts connections on port ${port}.`)
}

const valkey = async (start: SystemStart): Promise<void> => {
  const redis = await redisOf(start)
  const redlock = await redlockOf(start, start.resolved)
  const urls = [await redis.url(), ...(await redlock())]
  for (const broker of await (await kafkaOf(start))())
    say(`Kafka accepts connections at ${broker}.`)
  for (const url of urls) if (url !== undefined) say(`Valkey accepts connections at ${url}.`)
}

/** Node restarts the service when a file that it has loaded changes. */
const service = async (start: SystemStart, wanted: Service): Promise<void> => {
  const { name } = wanted
  const adminUrl = await databaseOf(start)
  const redisUrl = await redisUrlOf(start)
  const { settings, supervisor, state, resolved } = start
  const { REDLOCK_URLS, REDLOCK_PORTS } = settings
  const own = REDLOCK_PORTS.map((port) => `redis://127.0.0.1:${port}`)
  const redlockUrls = REDLOCK_URLS.length > 0 ? REDLOCK_URLS : own
  const around = {
    ...{ ...start, secrets: readSecrets(state), adminUrl, redisUrl, redlockUrls },
    kafkaBrokers: brokersOf(start),
  }
  const roles = rolePasswords(databaseUrls(around))
  const { scenarios } = resolved
  // Every service migrates, because the start order is not fixed. A second run changes nothing.
  await migrate({
    adminUrl,
    database: settings.DATABASE_NAME,
    roles,
    scenarios,
    ...pooledTimeoutOf(settings),
  })
  const programOf = await programsFor(start, scenarios)
  supervisor.start({
    name,
    kind: 'service',
    ...programOf(wanted, watchOptions),
    env: serviceEnvironments(around)[name],
    cwd: root,
    output: 'lines',
  })
}

const databaseOf = async ({ settings, state }: SystemStart): Promise<string> => {
  if (settings.DATABASE_URL) return settings.DATABASE_URL
  await until('the secrets of the state folder', async () => existsSync(join(state, 'secrets.env')))
  const { POSTGRES_PASSWORD } = readSecrets(state)
  const url = `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${settings.POSTGRES_PORT}/postgres`
  // PostgreSQL accepts connections before it accepts statements.
  await until('PostgreSQL', () => succeeds(connectionLimitOf(url)))
  return url
}

const brokersOf = ({ settings, resolved }: SystemStart): readonly string[] =>
  settings.KAFKA_BROKERS.length > 0 || needing('kafka', resolved.scenarios).length === 0
    ? settings.KAFKA_BROKERS
    : [`127.0.0.1:${settings.KAFKA_PORT}`]

/** Waits for Redis if a scenario needs it; otherwise no service uses it. */
const redisUrlOf = async ({ settings, inherited, resolved }: SystemStart) => {
  if (needing('redis', resolved.scenarios).length === 0) return undefined
  const url = inherited.REDIS_URL || `redis://127.0.0.1:${settings.VALKEY_PORT}`
  const wanted = { what: 'Valkey', setting: 'VALKEY_PORT', url, defaultPort: 6379 }
  await until('Valkey', () => succeeds(checkReachable(wanted)))
  return url
}

/** Seeds the demo catalogue and prints the purchase card. */
const catalogue = async ({ settings, inherited }: SystemStart): Promise<void> => {
  const gateway = servicesOf(settings).find(({ name }) => name === 'gateway')
  const base = gateway ? addressOf(gateway) : ''
  await until('the gateway', async () => {
    const response = await fetch(`${base}/health/ready`).catch(() => undefined)
    return response?.ok === true
  })
  say(purchaseCard(base, await seed(createClient(base)), inherited))
}

const startWithinMs = 120_000

const until = async (what: string, isReady: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + startWithinMs
  while (!(await isReady())) {
    if (performance.now() > deadline)
      throw new PlainError(
        `${what} did not become available within ${startWithinMs / 1_000} s. Check its log.`,
      )
    await sleep(100)
  }
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/** @throws PlainError if a scenario needs a proxy in front of the gateway: nothing here starts it */
const refuseProxies = (scenarios: Scenarios): void => {
  refuseKong(scenarios)
  const names = needing('envoy', scenarios)
  if (names.length === 0) return
  throw new PlainError(
    `${names.join(', ')} needs Envoy, which make dev does not start. Use make run, or switch it off.`,
  )
}

const partOf = async (start: SystemStart, name: string): Promise<void> => {
  refuseProxies(start.resolved.scenarios)
  const own = servicesOf(start.settings).find((each) => each.name === name)
  if (own) return service(start, own)
  const part = { postgres, valkey, catalogue }[name]
  if (part) return part(start)
  throw new PlainError('Usage: node infra/local/dev.ts <service>, postgres, valkey or catalogue.')
}

const main = async (name: string): Promise<void> => {
  const settings = readSettings('local')
  const state = stateFolder(settings)
  prepareStateFolder(state)
  const view = createLogView(process.stdout)
  view.showFrom(everything)
  const supervisor = new Supervisor(view.line)
  const controller = new AbortController()
  const inherited = environment()
  const end = (code: number): void => {
    controller.abort()
    void supervisor.stopAll().then(() => process.exit(code))
  }
  onEnd(inherited, { end: () => end(0), hurry: () => supervisor.hurry() })
  supervisor.onExit(({ spec, code, expected }) => {
    // A one-off program such as initdb exits with 0.
    if (expected || code === 0) return
    say(`${spec.name} has exited.`)
    end(1)
  })
  const resolved = resolveScenarios()
  const tools = join(state, 'tools')
  const start = { settings, resolved, inherited, state, tools, supervisor, watch: true, say }
  await partOf({ ...start, abort: controller.signal }, name).catch((error: unknown) => {
    if (!supervisor.isEnding) console.error(sentenceOf(error))
    end(1)
  })
  // Keeps the process alive: Turborepo reports a persistent task that exits as failed.
  setInterval(() => {}, 60_000)
}

await main(process.argv[2] ?? '')

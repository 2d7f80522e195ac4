import './env-file.ts'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  activeScenarios,
  environment,
  metricsPortOffset,
  readSettings,
  resolveScenarios,
  type Settings,
} from '@flash-deal/config'
import { type Client, createClientBehindGateway } from './api-client.ts'
import { keepRunning } from './keep-running.ts'
import { onEnd } from './lifetime.ts'
import { createLogView, everything, type LogView, warnings } from './log-view.ts'
import { stateFolder } from './paths.ts'
import { sentenceOf } from './plain-error.ts'
import {
  type Address,
  addressTable,
  purchaseCard,
  rateLimitLine,
  scenarioLines,
} from './purchase-card.ts'
import { seed } from './seed.ts'
import { addressOf, servicesOf } from './services.ts'
import { lockStateFolder, noteRun, prepareStateFolder } from './state-folder.ts'
import { Supervisor } from './supervisor.ts'
import { checkStart, type System, startSystem } from './system.ts'
import type { SystemStart } from './system-start.ts'

/** `make run`: starts the whole system, stays in the foreground, and ends all of it. */

const usage = 'Usage: make run, or node infra/local/run.ts [--watch]. Settings: see .env.example.'

const say = (sentence: string): void => console.log(sentence)

const readArguments = (): { watch: boolean } => {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  })
  if (!values.help) return values
  say(usage)
  process.exit(0)
}

const main = async (): Promise<void> => {
  const { watch } = readArguments()
  const settings = readSettings('local')
  const resolved = resolveScenarios()
  const state = stateFolder(settings)
  prepareStateFolder(state)
  await lockStateFolder(state)
  const view = createLogView(process.stdout)
  const supervisor = new Supervisor(view.line)
  const inherited = environment()
  const tools = join(state, 'tools')
  await untilEnd({ settings, resolved, inherited, state, tools, supervisor, watch, say }, view)
}

/** From here on every exit goes through `end`, which stops all processes. */
const untilEnd = async (given: Omit<SystemStart, 'abort'>, view: LogView): Promise<void> => {
  const controller = new AbortController()
  const start = { ...given, abort: controller.signal }
  const end = endOnce(start, controller)
  onEnd(start.inherited, { end: () => end(0), hurry: () => start.supervisor.hurry() })
  try {
    await checkStart(start)
    noteRun(start.state, start.supervisor.watchdogPid)
    let purchase = ''
    // The demo catalogue exists before the gateway is ready.
    const system = await startSystem(start, async (behind) => {
      purchase = await seededPurchase(start, createClientBehindGateway(behind))
    })
    view.showFrom(warnings)
    keepRunning(start.supervisor, {
      say,
      giveUp: (sentence) => end(1, sentence),
    })
    showCard(start, system, purchase)
    view.showFrom(everything)
  } catch (error) {
    end(1, sentenceOf(error))
  }
}

type End = (code: number, sentence?: string) => void

const endOnce = ({ supervisor }: SystemStart, fetching: AbortController): End => {
  return (code, sentence) => {
    if (supervisor.isEnding) return
    if (sentence) console.error(sentence)
    else say('\nEnding …')
    fetching.abort()
    void supervisor.stopAll().then(() => process.exit(code))
  }
}

/** The commands of a purchase, or why there is no demo catalogue to buy from. */
const seededPurchase = async (
  { settings, inherited }: SystemStart,
  behindGateway: Client,
): Promise<string> => {
  say('Seeding the demo catalogue …')
  const base = forPeople(settings.HOST, settings.GATEWAY_PORT)
  return seed(behindGateway).then(
    (seeded) => purchaseCard(base, seeded, inherited),
    (error) => `The demo catalogue could not be created. ${sentenceOf(error)}`,
  )
}

const showCard = (start: SystemStart, system: System, purchase: string): void => {
  const { settings, resolved, supervisor } = start
  if (supervisor.isEnding) return
  const base = forPeople(settings.HOST, settings.GATEWAY_PORT)
  say(`\n${addressTable(addressesOf(settings, base, system))}`)
  say(scenarioLines(activeScenarios(resolved.scenarios), resolved.leftOut))
  if (resolved.scenarios.M4 !== 'baseline') say(rateLimitLine(settings))
  say(`\n${purchase}`)
  say(`\nReady after ${(performance.now() / 1000).toFixed(1)} s. Ctrl-C ends everything.\n`)
}

const addressesOf = (settings: Settings<'local'>, base: string, system: System): Address[] => [
  ...servicesOf(settings).map((service) => ({
    what: service.name,
    where: addressOf(service),
    metrics: `${addressOf({ ...service, port: service.port + metricsPortOffset })}/metrics`,
  })),
  { what: 'docs', where: `${base}/docs` },
  { what: 'PostgreSQL', where: system.postgres },
  { what: 'Valkey', where: system.redis },
]

/** The name by which a browser and a shell on this machine reach these hosts. */
const forPeople = (host: string, port: number): string =>
  addressOf({
    host: ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host,
    port,
  })

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})

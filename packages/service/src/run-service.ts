import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { Server as Listener } from 'node:net'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import {
  type AppName,
  ConfigError,
  isInGo,
  metricsPortOffset,
  readSettings,
  resolveScenarios,
  type Scenarios,
  type Settings,
} from '@flash-deal/config'
import { briefCause } from '@flash-deal/errors'
import { startTelemetry, type Telemetry } from '@flash-deal/telemetry'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { createService } from './create-service.ts'
import { metricsServer } from './metrics-server.ts'

export type AppOptions<Name extends AppName> = { settings: Settings<Name>; scenarios: Scenarios }
export type App<Name extends AppName> = (
  app: FastifyInstance,
  options: AppOptions<Name>,
) => Promise<void>

/**
 * Runs the process of a service: settings, listening, signals. Exits with a message if a setting is
 * invalid or a port is in use.
 */
export const runService = async <Name extends AppName>(
  name: Name,
  port: (settings: Settings<Name>) => number,
  plugin: App<Name>,
): Promise<void> => {
  try {
    const settings = readSettings(name)
    const { scenarios } = resolveScenarios()
    assertInNode(name, scenarios)
    // Before the construction of everything that may be traced.
    const telemetry = await startTelemetry({ name, settings, scenarios })
    const app = await createService({ name, settings, scenarios })
    logFailures(app, telemetry)
    app.register(plugin, { settings, scenarios })
    await listen(app, settings.HOST, port(settings))
    closeOnSignals(app, settings.DRAIN_MS, telemetry)
  } catch (error) {
    giveUp(error)
  }
}

/** Otherwise `/health` would show another system than the one that runs. */
const assertInNode = (name: AppName, scenarios: Scenarios): void => {
  if (!isInGo(name, scenarios)) return
  throw new ConfigError([
    `This is ${name} in Node, but the scenarios select the one in Go. Start apps/${name}-go.`,
  ])
}

/**
 * Resolves the host first: for the name `localhost` Fastify would start a second server for its other
 * address, without limits of connections and requests.
 */
const listen = async (app: FastifyInstance, name: string, port: number): Promise<void> => {
  const { address: host } = await lookup(name)
  const failed = (error: unknown): void =>
    app.causeLog.write(app.log, error, 'The page of /metrics could not be rendered')
  const metrics = metricsServer(app.metrics, { openMetrics: app.openMetrics, failed })
  app.addHook('onClose', async () => void metrics.close())
  await app.listen({ host, port })
  metrics.listen(port + metricsPortOffset, host)
  await once(metrics, 'listening')
}

const logFailures = ({ log }: FastifyInstance, telemetry: Telemetry): void =>
  telemetry.onFailure((failure, failures) =>
    log.warn(
      { cause: briefCause(failure), failures },
      'Spans could not be exported to OTEL_EXPORTER_OTLP_ENDPOINT',
    ),
  )

/** Fails readiness first, then completes the requests in progress, then closes. */
const closeOnSignals = (app: FastifyInstance, drainMs: number, telemetry: Telemetry): void => {
  closeWithGrace({ delay: 9_500, logger: app.log }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'Unhandled error')
    app.log.info({ signal }, 'Draining')
    app.draining = true
    await pause(drainMs)
    await stopListening(app)
    await app.close()
    await telemetry.stop()
  })
}

/** Time for the first request on a newly accepted connection. */
const firstRequestMs = 250

/** Node closes connections without a request as if they were idle. */
const stopListening = async ({ server }: FastifyInstance): Promise<void> => {
  await acceptWaiting(server)
  Listener.prototype.close.call(server)
  await pause(firstRequestMs)
}

/** The maximum number of connections in the kernel's accept queue. */
const backlogMax = 511

/** Queued connections would be reset. Accepts one per turn of the event loop until a turn accepts none. */
const acceptWaiting = async (server: Server): Promise<void> => {
  for (let turn = 0; turn < backlogMax; turn++) {
    let isQuiet = true
    const onConnection = (): void => {
      isQuiet = false
    }
    server.once('connection', onConnection)
    await nextTurn()
    server.off('connection', onConnection)
    if (isQuiet) return
  }
}

const giveUp = (error: unknown): void => {
  const isExpected = error instanceof ConfigError || (error instanceof Error && 'syscall' in error)
  process.stderr.write(
    `${isExpected ? (error as Error).message : String((error as Error).stack)}\n`,
  )
  process.exit(1)
}

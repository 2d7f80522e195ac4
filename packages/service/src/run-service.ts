import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type AppName,
  ConfigError,
  readSettings,
  resolveScenarios,
  type Scenarios,
  type Settings,
} from '@flash-deal/config'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, type Registry } from 'prom-client'
import { createService } from './create-service.ts'

export type AppOptions<Name extends AppName> = { settings: Settings<Name>; scenarios: Scenarios }
export type App<Name extends AppName> = (
  app: FastifyInstance,
  options: AppOptions<Name>,
) => Promise<void>

/** How far above a service's port its metrics stand. */
export const metricsPortOffset = 1_000

/** The process of a service: settings, listening, signals. Bad settings end it with a sentence. */
export const runService = async <Name extends AppName>(
  name: Name,
  port: (settings: Settings<Name>) => number,
  plugin: App<Name>,
): Promise<void> => {
  try {
    const settings = readSettings(name)
    const { scenarios } = resolveScenarios()
    const app = await createService({ name, settings, scenarios })
    app.register(plugin, { settings, scenarios })
    await listen(app, settings.HOST, port(settings))
    closeOnSignals(app, settings.DRAIN_MS)
  } catch (error) {
    giveUp(error)
  }
}

const listen = async (app: FastifyInstance, host: string, port: number): Promise<void> => {
  const metrics = metricsServer(app.metrics)
  app.addHook('onClose', async () => void metrics.close())
  await app.listen({ host, port })
  metrics.listen(port + metricsPortOffset, host)
  await once(metrics, 'listening')
}

const metricsServer = (registry: Registry): Server => {
  collectDefaultMetrics({ register: registry })
  return createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end()
    response.setHeader('content-type', registry.contentType)
    response.end(await registry.metrics())
  })
}

/** Readiness false first, so that callers turn away; then what is under way ends; then all closes. */
const closeOnSignals = (app: FastifyInstance, drainMs: number): void => {
  closeWithGrace({ delay: 9_500, logger: app.log }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'An error that nobody handled')
    app.log.info({ signal }, 'Draining')
    app.draining = true
    await pause(drainMs)
    await app.close()
  })
}

const giveUp = (error: unknown): void => {
  const isExpected = error instanceof ConfigError || (error instanceof Error && 'syscall' in error)
  process.stderr.write(
    `${isExpected ? (error as Error).message : String((error as Error).stack)}\n`,
  )
  process.exit(1)
}

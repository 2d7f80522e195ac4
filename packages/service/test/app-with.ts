import { readSettings, resolveScenarios } from '@flash-deal/config'
import type { OpenApiDocument } from '@flash-deal/contracts'
import { type ContractOptions, contract, createService, identity } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { documentOf } from './document.ts'

export const internalKey = 'the internal key of the tests'

/** The methods of tap's test that are used here. */
export type Closing = { teardown(work: () => unknown): unknown }

export type AppParts = {
  document?: OpenApiDocument
  handlers?: ContractOptions['handlers']
  /** As in the environment. */
  settings?: Record<string, string>
  /** Registers plugins before the routes. */
  before?: (app: FastifyInstance) => void
}

/** A parsed log line. */
export type LogLine = { readonly [field: string]: unknown }

/**
 * A service without a database, with the plugins that all services share and the routes of a
 * contract.
 */
export const appWith = async (t: Closing, parts: AppParts = {}) => {
  const lines: LogLine[] = []
  const environment = { LOG_LEVEL: 'debug', INTERNAL_KEY: internalKey, ...parts.settings }
  const settings = readSettings('order', environment)
  const { scenarios } = resolveScenarios({}, {})
  const logStream = { write: (line: string) => lines.push(JSON.parse(line)) }
  const app = await createService({ name: 'order', settings, scenarios, logStream })
  t.teardown(() => app.close())
  // Encapsulated, as in a service.
  app.register(async (scope) => {
    await scope.register(identity, { internalKey, deadlineMs: settings.DEADLINE_MS })
    parts.before?.(scope)
    const { document = documentOf({}), handlers = {} } = parts
    await scope.register(contract, { document, handlers })
  })
  await app.ready()
  return { app, lines }
}

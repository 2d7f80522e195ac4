import { readSettings, resolveScenarios } from '@flash-deal/config'
import type { OpenApiDocument } from '@flash-deal/contracts'
import { type ContractOptions, contract, createService, identity } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { documentOf } from './document.ts'

export const internalKey = 'the internal key of the tests'

/** The part of tap's test that is needed here. */
export type Closing = { teardown(work: () => unknown): unknown }

export type AppParts = {
  document?: OpenApiDocument
  handlers?: ContractOptions['handlers']
  /** As they would stand in the environment. */
  settings?: Record<string, string>
  /** Whatever is to be there before the routes. */
  before?: (app: FastifyInstance) => void
}

/** A log line as it was written. */
export type LogLine = { readonly [field: string]: unknown }

/** A service without a database: what all services have, and the routes of a contract. */
export const appWith = async (t: Closing, parts: AppParts = {}) => {
  const lines: LogLine[] = []
  const app = await bareService(parts, (line) => lines.push(JSON.parse(line)))
  t.teardown(() => app.close())
  parts.before?.(app)
  const { document = documentOf({}), handlers = {} } = parts
  await app.register(contract, { document, handlers })
  await app.ready()
  return { app, lines }
}

const bareService = async ({ settings }: AppParts, write: (line: string) => void) => {
  const environment = { LOG_LEVEL: 'debug', INTERNAL_KEY: internalKey, ...settings }
  const read = readSettings('order', environment)
  const { scenarios } = resolveScenarios({}, {})
  const app = await createService({ name: 'order', settings: read, scenarios, logStream: { write } })
  await app.register(identity, { internalKey, deadlineMs: read.DEADLINE_MS })
  return app
}

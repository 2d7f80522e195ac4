import { type AppName, activeScenarios, type ScenarioId, type Scenarios } from '@flash-deal/config'
import { ApiError, briefCause, causesOf } from '@flash-deal/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { within } from './within.ts'

/** Resolves if a dependency is available, rejects with the cause otherwise. */
export type ReadinessCheck = () => Promise<unknown>

declare module 'fastify' {
  interface FastifyInstance {
    serviceName: string
    scenarios: Scenarios
    /** For a scenario that the flag alone does not decide. `/health` shows the result. */
    showScenario(id: ScenarioId, variant: () => string): void
    /** The variant of each scenario for `/health`. */
    shownScenarios(): Record<string, string>
    addReadinessCheck(dependency: string, check: ReadinessCheck): void
    readinessChecks: ReadonlyMap<string, ReadinessCheck>
    /** The last failure of each dependency. */
    dependenciesAway: Map<string, string>
    draining: boolean
  }
}

export type HealthOptions = { name: AppName; scenarios: Scenarios }

/** `/health`, `/health/ready`, and the flag that a stopping service sets. */
export const health = fp(
  async (app: FastifyInstance, { name, scenarios }: HealthOptions) => {
    const checks = new Map<string, ReadinessCheck>()
    app.decorate('serviceName', name === 'gateway' ? name : `${name}-service`)
    app.decorate('scenarios', scenarios)
    const shown = new Map<ScenarioId, () => string>()
    app.decorate('showScenario', (id: ScenarioId, variant: () => string) => {
      shown.set(id, variant)
    })
    app.decorate('shownScenarios', () => ({
      ...scenarios,
      ...Object.fromEntries(Array.from(shown, ([id, variant]) => [id, variant()])),
    }))
    app.decorate('draining', false)
    app.decorate('readinessChecks', checks)
    app.decorate('dependenciesAway', new Map())
    app.decorate('addReadinessCheck', (dependency: string, check: ReadinessCheck) => {
      checks.set(dependency, check)
    })
    app.log.info({ scenarios: activeScenarios(scenarios) }, 'Scenarios that are not at baseline')
  },
  { name: 'health' },
)

/** Liveness: does not check dependencies. */
export const healthHandler = async ({ server }: FastifyRequest) => ({
  status: 'healthy' as const,
  service: server.serviceName,
  scenarios: server.shownScenarios(),
})

/** Readiness: checks every dependency and returns the unavailable ones with the causes. */
export const readyHandler = async ({ server }: FastifyRequest, _reply: FastifyReply) => {
  if (server.draining) throw notReady({ service: 'stopping' })
  const names = [...server.readinessChecks.keys()]
  const results = await Promise.all(names.map((name) => askFor(server, name)))
  const away = results.filter((result) => result !== undefined)
  if (away.length > 0) throw notReady(Object.fromEntries(away))
  return {
    status: 'ready' as const,
    service: server.serviceName,
    dependencies: Object.fromEntries(names.map((name) => [name, 'up' as const])),
  }
}

/** Timeout of one check, in milliseconds. Most checks have their own, shorter timeout. */
const answerMs = 2_500

const askFor = async (
  server: FastifyInstance,
  name: string,
): Promise<[name: string, cause: string] | undefined> => {
  const check = server.readinessChecks.get(name) ?? (async () => undefined)
  try {
    await within(answerMs, check(), () => new Error('The check timed out.'))
    noteUp(server, name)
    return undefined
  } catch (error) {
    const cause = causeOf(error)
    noteAway(server, name, cause, error)
    return [name, cause]
  }
}

/** A service that is not ready returns its failed checks. */
const causeOf = (error: unknown): string => {
  const details = error instanceof ApiError ? error.details : undefined
  if (details === undefined) return briefCause(error)
  return Object.entries(details)
    .map(([name, cause]) => `${name}: ${cause}`)
    .join(', ')
}

/** Logs changes only: readiness is polled every second. */
const noteAway = (server: FastifyInstance, name: string, cause: string, error: unknown): void => {
  if (server.dependenciesAway.get(name) === cause) return
  server.dependenciesAway.set(name, cause)
  const detail = causesOf(error).at(-1)?.message
  server.log.warn({ dependency: name, cause, detail }, 'A dependency is away')
}

const noteUp = (server: FastifyInstance, name: string): void => {
  if (server.dependenciesAway.delete(name))
    server.log.info({ dependency: name }, 'A dependency is back')
}

const notReady = (details: Record<string, string>): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', {
    message: `Not ready: ${Object.keys(details).join(', ')}.`,
    details,
  })

import { type AppName, activeScenarios, type ScenarioId, type Scenarios } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** Resolves where a dependency can be used, rejects with what is wrong otherwise. */
export type ReadinessCheck = () => Promise<unknown>

declare module 'fastify' {
  interface FastifyInstance {
    serviceName: string
    scenarios: Scenarios
    /** For a scenario that the flag alone does not decide: `/health` shows what this returns. */
    showScenario(id: ScenarioId, variant: () => string): void
    /** The variant of each scenario, as `/health` shows it. */
    shownScenarios(): Record<string, string>
    addReadinessCheck(dependency: string, check: ReadinessCheck): void
    readinessChecks: ReadonlyMap<string, ReadinessCheck>
    draining: boolean
  }
}

export type HealthOptions = { name: AppName; scenarios: Scenarios }

/** What `/health` and `/health/ready` tell, and the flag that a stopping service sets. */
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
    app.decorate('addReadinessCheck', (dependency: string, check: ReadinessCheck) => {
      checks.set(dependency, check)
    })
    app.log.info({ scenarios: activeScenarios(scenarios) }, 'Scenarios that are not at baseline')
  },
  { name: 'health' },
)

/** Liveness: touches no dependency. */
export const healthHandler = async ({ server }: FastifyRequest) => ({
  status: 'healthy' as const,
  service: server.serviceName,
  scenarios: server.shownScenarios(),
})

/** Readiness: asks every dependency, and names those that are away. */
export const readyHandler = async ({ server }: FastifyRequest, _reply: FastifyReply) => {
  if (server.draining) throw notReady({ service: 'stopping' })
  const names = [...server.readinessChecks.keys()]
  const results = await Promise.allSettled(
    [...server.readinessChecks.values()].map((check) => check()),
  )
  const away = names.filter((_, index) => results[index]?.status === 'rejected')
  if (away.length > 0)
    throw notReady(Object.fromEntries(away.map((name) => [name, 'does not answer'])))
  return {
    status: 'ready' as const,
    service: server.serviceName,
    dependencies: Object.fromEntries(names.map((name) => [name, 'up' as const])),
  }
}

const notReady = (details: Record<string, string>): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', {
    message: `Not ready: ${Object.keys(details).join(', ')}.`,
    details,
  })

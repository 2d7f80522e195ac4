import { activeScenarios, type Scenarios, scenarioIds } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { healthHandler } from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { InstanceHealth } from '../domain/service-health.ts'

/** The gateway's own health and the last known health of the services; 503 if an instance runs other variants. */
export const health = async (request: FastifyRequest) => {
  const { server } = request
  const details = disagreements(server)
  if (Object.keys(details).length > 0) {
    const message =
      'The services run with other scenario variants than the gateway. Start them with the same settings.'
    throw new ApiError('SERVICE_UNAVAILABLE', { message, details })
  }
  return { ...(await healthHandler(request)), services: server.servicesHealth }
}

const disagreements = ({ scenarios, servicesHealth }: FastifyInstance): Record<string, string> =>
  Object.fromEntries(
    Object.entries(servicesHealth).flatMap(([name, { instances }]) => {
      const index = instances.findIndex((instance) => differs(instance, scenarios))
      const other = instances[index]
      if (other === undefined) return []
      const which = instances.length > 1 ? `instance ${index + 1} of ${instances.length} ` : ''
      const own = `the gateway with [${activeScenarios(scenarios)}]`
      return [[name, `${which}runs with [${notBaseline(other.scenarios)}], ${own}`]]
    }),
  )

const differs = (instance: InstanceHealth, scenarios: Scenarios): boolean =>
  instance.status === 'healthy' &&
  scenarioIds.some((id) => instance.scenarios[id] !== scenarios[id])

const notBaseline = (variants: Record<string, string>): string[] =>
  Object.entries(variants)
    .filter(([, variant]) => variant !== 'baseline')
    .map(([id, variant]) => `${id}=${variant}`)

import { activeScenarios, scenarioIds } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { healthHandler } from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The gateway's own health and what the services said last; 503 where their variants differ. */
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

const disagreements = ({ scenarios, servicesHealth }: FastifyInstance): Record<string, string> => {
  const answering = Object.entries(servicesHealth).filter(([, { status }]) => status === 'healthy')
  const differing = answering.filter(([, other]) =>
    scenarioIds.some((id) => other.scenarios[id] !== scenarios[id]),
  )
  return Object.fromEntries(
    differing.map(([name, other]) => [
      name,
      `runs with [${notBaseline(other.scenarios)}], the gateway with [${activeScenarios(scenarios)}]`,
    ]),
  )
}

const notBaseline = (variants: Record<string, string>): string[] =>
  Object.entries(variants)
    .filter(([, variant]) => variant !== 'baseline')
    .map(([id, variant]) => `${id}=${variant}`)

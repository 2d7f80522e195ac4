import { scenarioIds } from '@flash-deal/config'

/** The `/health` response of one instance, or that there is none. */
export type InstanceHealth = { status: string; scenarios: Record<string, string> }

/** The same with the name of the service. */
export type NamedHealth = InstanceHealth & { service: string }

/** A service: the state of its first available instance, and each instance in the order of the settings. */
export type ServiceHealth = InstanceHealth & { instances: InstanceHealth[] }

export const away: InstanceHealth = { status: 'away', scenarios: {} }

/** The state of a service is the state of its first available instance. */
export const serviceHealth = (instances: InstanceHealth[]): ServiceHealth => ({
  ...(instances.find(({ status }) => status !== 'away') ?? away),
  instances,
})

/** @throws Error if it is not a `/health` response */
export const parseHealth = (body: unknown): NamedHealth => {
  if (typeof body !== 'object' || body === null) throw new Error('Not a /health response.')
  const { status, service, scenarios } = body as Record<string, unknown>
  if (typeof scenarios !== 'object' || scenarios === null)
    throw new Error('Not a /health response.')
  const variants = scenarios as Record<string, unknown>
  return {
    status: String(status),
    service: String(service),
    scenarios: Object.fromEntries(scenarioIds.map((id) => [id, String(variants[id])])),
  }
}

import { scenarioIds } from '@flash-deal/config'

/** What one instance's `/health` said, or that it said nothing. */
export type InstanceHealth = { status: string; scenarios: Record<string, string> }

/** The same with the name of the service. */
export type NamedHealth = InstanceHealth & { service: string }

/** A service: as the first of its instances that answers, and each of them as the settings name them. */
export type ServiceHealth = InstanceHealth & { instances: InstanceHealth[] }

export const away: InstanceHealth = { status: 'away', scenarios: {} }

/** A service has what its first healthy instance has. */
export const serviceHealth = (instances: InstanceHealth[]): ServiceHealth => ({
  ...(instances.find(({ status }) => status !== 'away') ?? away),
  instances,
})

/** @throws Error where it is no answer of `/health` */
export const parseHealth = (body: unknown): NamedHealth => {
  if (typeof body !== 'object' || body === null) throw new Error('Not a health answer.')
  const { status, service, scenarios } = body as Record<string, unknown>
  if (typeof scenarios !== 'object' || scenarios === null) throw new Error('Not a health answer.')
  const variants = scenarios as Record<string, unknown>
  return {
    status: String(status),
    service: String(service),
    scenarios: Object.fromEntries(scenarioIds.map((id) => [id, String(variants[id])])),
  }
}

import { type Settings, scenarioIds } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { periodically } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { request } from 'undici'
import type { UpstreamName } from '../domain/proxied-operations.ts'

/** What a service's `/health` said, or that it said nothing. */
export type ServiceHealth = { status: string; service: string; scenarios: Record<string, string> }

declare module 'fastify' {
  interface FastifyInstance {
    upstreamUrls: Readonly<Record<UpstreamName, readonly string[]>>
    /** Asks a service now. @throws ApiError SERVICE_UNAVAILABLE */
    healthOf(name: UpstreamName): Promise<ServiceHealth>
    /** What the services said when they were asked last. */
    servicesHealth: Partial<Record<UpstreamName, ServiceHealth>>
  }
}

const names: readonly UpstreamName[] = ['auth', 'product', 'order']

/** The services behind the gateway: where they are, and how they are, asked every few seconds. */
export const services = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'gateway'> }) => {
    const urls = {
      auth: settings.AUTH_URLS,
      product: settings.PRODUCT_URLS,
      order: settings.ORDER_URLS,
    }
    app.decorate('upstreamUrls', urls)
    app.decorate('healthOf', (name: UpstreamName) => healthFrom(name, urls[name]))
    app.decorate('servicesHealth', {})
    for (const name of names) app.addReadinessCheck(name, () => readyFrom(urls[name]))
    await app.register(periodically, {
      name: 'services-health',
      intervalMs: () =>
        Math.min(settings.HEALTH_INTERVAL_MS, isAnyAway(app) ? soonMs : Number.POSITIVE_INFINITY),
      work: () => Promise.all(names.map((name) => look(app, name))),
    })
  },
  { name: 'services', dependencies: ['health'] },
)

/** One that is away is asked again soon: it may just be starting. */
const soonMs = 200

const isAnyAway = ({ servicesHealth }: FastifyInstance): boolean =>
  names.some((name) => servicesHealth[name]?.status === 'away')

const look = async (app: FastifyInstance, name: UpstreamName): Promise<void> => {
  const away = { status: 'away', service: `${name}-service`, scenarios: {} }
  app.servicesHealth[name] = await app.healthOf(name).catch(() => away)
}

const get = (url: string) => request(url, { signal: AbortSignal.timeout(1_000) })

/** The first of its addresses that answers speaks for a service. */
const healthFrom = async (name: UpstreamName, urls: readonly string[]): Promise<ServiceHealth> => {
  try {
    return await Promise.any(urls.map(healthAt))
  } catch (cause) {
    throw new ApiError('SERVICE_UNAVAILABLE', { message: `${name} does not answer.`, cause })
  }
}

const healthAt = async (url: string): Promise<ServiceHealth> => {
  const { body } = await get(`${url}/health`)
  return parseHealth(await body.json())
}

/** A service is ready where any of its addresses is. */
const readyFrom = async (urls: readonly string[]): Promise<void> => {
  await Promise.any(urls.map(readyAt))
}

const readyAt = async (url: string): Promise<void> => {
  const { statusCode, body } = await get(`${url}/health/ready`)
  await body.dump()
  if (statusCode !== 200) throw new Error(`Not ready: ${statusCode}.`)
}

const parseHealth = (body: unknown): ServiceHealth => {
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

import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { periodically } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { request } from 'undici'
import {
  away,
  type NamedHealth,
  parseHealth,
  type ServiceHealth,
  serviceHealth,
} from '../domain/service-health.ts'
import { type UpstreamName, type UpstreamUrls, upstreamNames, urlsOf } from '../domain/upstreams.ts'

declare module 'fastify' {
  interface FastifyInstance {
    upstreamUrls: UpstreamUrls
    /** Queries a service now. @throws ApiError SERVICE_UNAVAILABLE */
    healthOf(name: UpstreamName): Promise<NamedHealth>
    /** The last known health of the services. */
    servicesHealth: Partial<Record<UpstreamName, ServiceHealth>>
  }
}

/** The services behind the gateway: their addresses, and their health, polled every few seconds. */
export const services = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'gateway'> }) => {
    const urls = urlsOf(settings)
    app.decorate('upstreamUrls', urls)
    app.decorate('healthOf', (name: UpstreamName) => healthFrom(name, urls[name]))
    app.decorate('servicesHealth', {})
    for (const name of upstreamNames) app.addReadinessCheck(name, () => readyFrom(urls[name]))
    await app.register(periodically, {
      name: 'services-health',
      intervalMs: () =>
        Math.min(settings.HEALTH_INTERVAL_MS, isAnyAway(app) ? soonMs : Number.POSITIVE_INFINITY),
      runAtStart: true,
      work: () => Promise.all(upstreamNames.map((name) => updateHealth(app, name, urls[name]))),
    })
  },
  { name: 'services', dependencies: ['health'] },
)

/** An unavailable service is polled again soon: it may be starting. */
const soonMs = 200

const isAnyAway = ({ servicesHealth }: FastifyInstance): boolean =>
  upstreamNames.some((name) =>
    servicesHealth[name]?.instances.some(({ status }) => status === 'away'),
  )

/** Polls every instance: each may run with other settings. */
const updateHealth = async (
  app: FastifyInstance,
  name: UpstreamName,
  urls: readonly string[],
): Promise<void> => {
  const answers = await Promise.allSettled(urls.map(healthAt))
  const instances = answers.map((answer) => {
    if (answer.status === 'rejected') return away
    const { status, scenarios } = answer.value
    return { status, scenarios }
  })
  app.servicesHealth[name] = serviceHealth(instances)
}

/** Timeouts in milliseconds. A readiness check takes longer: the service waits for its own checks first. */
const answerMs = { health: 1_000, ready: 2_000 }

/** Returns the first successful response of the addresses of a service. */
const healthFrom = async (name: UpstreamName, urls: readonly string[]): Promise<NamedHealth> => {
  try {
    return await Promise.any(urls.map(healthAt))
  } catch (cause) {
    throw new ApiError('SERVICE_UNAVAILABLE', { message: `${name} does not answer.`, cause })
  }
}

const healthAt = async (url: string): Promise<NamedHealth> => {
  const signal = AbortSignal.timeout(answerMs.health)
  const { body } = await request(`${url}/health`, { signal })
  return parseHealth(await body.json())
}

/** A service is ready if any of its addresses is. @throws the first ApiError of its addresses, otherwise all errors */
const readyFrom = async (urls: readonly string[]): Promise<void> => {
  try {
    await Promise.any(urls.map(readyAt))
  } catch (error) {
    const all: unknown[] = error instanceof AggregateError ? error.errors : []
    throw all.find((each) => each instanceof ApiError) ?? error
  }
}

/** @throws ApiError with the details that the service reports */
const readyAt = async (url: string): Promise<void> => {
  const signal = AbortSignal.timeout(answerMs.ready)
  const { statusCode, body } = await request(`${url}/health/ready`, { signal })
  const text = await body.text()
  if (statusCode === 200) return
  const details = detailsIn(text)
  if (details === undefined) throw new Error(`Not ready: ${statusCode}.`)
  throw new ApiError('SERVICE_UNAVAILABLE', { details })
}

const detailsIn = (text: string): Record<string, string> | undefined => {
  const { details }: { details?: unknown } = parsed(text)
  if (typeof details !== 'object' || details === null) return undefined
  const knownCauses = Object.entries(details).filter(([, cause]) => typeof cause === 'string')
  return knownCauses.length > 0 ? Object.fromEntries(knownCauses) : undefined
}

const parsed = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

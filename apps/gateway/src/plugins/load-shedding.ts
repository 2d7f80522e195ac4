import type { IncomingMessage, ServerResponse } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'
import type { Settings } from '@flash-deal/config'
import { type ApiError, errorBody } from '@flash-deal/errors'
import {
  AdaptiveLimit,
  jsonType,
  requestIdOf,
  showLoads,
  trustedProxies,
} from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { clientOfAddress } from '../domain/client-address.ts'
import { CountedRequests } from '../domain/counted-requests.ts'
import { FairLimit } from '../domain/fair-limit.ts'
import { operationOf } from '../domain/operation-of.ts'
import type { ProxiedOperation } from '../domain/proxied-operations.ts'
import { forEachClass, type RouteClass, routeClassOf } from '../domain/route-class.ts'
import { boundsFrom } from '../domain/route-class-bounds.ts'
import { corsHeaders, safetyHeaders } from './browser-safety.ts'

/**
 * Limits the requests of each class that are in progress or wait, and rejects the others before
 * Fastify handles them: without a route, hooks, a verified token or a body. The same rejection by
 * Fastify costs half as much as an order, so at five times its throughput the gateway would have no
 * time for anything else.
 */
export const loadShedding = fp(
  async (app: FastifyInstance, { settings }: { settings: Settings<'gateway'> }) => {
    const limits = limitsFrom(settings)
    showLoads(app.metrics, gauge, limits)
    const clientOf = clientReader(settings.TRUSTED_PROXIES)
    const refuse = refuserFor(app, settings.CORS_ORIGINS)
    const counted = new CountedRequests(Math.min(1_000, settings.DEADLINE_MS / 5))
    app.addHook('onClose', async () => counted.stop())
    const admit: Admit = (request, response, proxied) => {
      // It waits for a response on its connection, and may never begin.
      if (response.socket === null) return true
      const limit = limits[routeClassOf(proxied)]
      const client = clientOf(request)
      const error = limit.refusal(client)
      if (error === undefined) {
        counted.add(request, response, limit.begin(client))
        return true
      }
      refuse(request, response, error)
      const { operationId } = proxied.operation
      app.countResponse(operationId, { statusCode: error.statusCode, elapsedTime: 0 })
      return false
    }
    app.server.removeListener('request', app.routing)
    app.server.on('request', (request, response) => {
      const proxied = operationOf(request)
      if (proxied === undefined || admit(request, response, proxied)) app.routing(request, response)
    })
  },
  { name: 'load-shedding', dependencies: ['metrics', 'error-handler'] },
)

const gauge = {
  name: 'accepted_requests',
  help: 'Requests of a class between arrival and response, and the limit of that number at the moment',
  label: 'class',
}

/** Returns false if it has rejected the request. */
type Admit = (
  request: IncomingMessage,
  response: ServerResponse,
  proxied: ProxiedOperation,
) => boolean

/**
 * A request that takes longer than this part of the deadline is late. One that waits in the queue of
 * its class for nine tenths is rejected anyway.
 */
const lateShare = 0.8

const limitsFrom = (settings: Settings<'gateway'>): Readonly<Record<RouteClass, FairLimit>> => {
  const bounds = boundsFrom(settings)
  const limitOf = (name: RouteClass): FairLimit => {
    const { concurrency: min, queueMax } = bounds[name]
    const max = min + queueMax
    const lateMs = settings.DEADLINE_MS * lateShare
    return new FairLimit(new AdaptiveLimit({ initial: max, min, max, lateMs }))
  }
  return forEachClass(limitOf)
}

/** Finds the client by its address, which it reads as Fastify does. */
const clientReader = (trusted: readonly string[]): ((request: IncomingMessage) => string) => {
  if (trusted.length === 0) return ({ socket }) => clientOfAddress(socket.remoteAddress ?? '')
  const isTrusted = trustedProxies(trusted)
  return (request) => clientOfAddress(proxyAddress(request, isTrusted) ?? '')
}

type Refuse = (request: IncomingMessage, response: ServerResponse, error: ApiError) => void

/** Sends the same headers and the same body as the error handler. */
const refuserFor = (app: FastifyInstance, corsOrigins: readonly string[]): Refuse => {
  const hasCors = corsOrigins.length > 0
  const ofEach = Object.entries({ ...safetyHeaders(), ...(hasCors && corsHeaders) }).flat()
  const allowed = new Set(corsOrigins)
  return (request, response, error) => {
    const { origin = '' } = request.headers
    const id = requestIdOf(request)
    const body = JSON.stringify(errorBody({ id }, error))
    response.writeHead(error.statusCode, [
      ...ofEach,
      ...(allowed.has(origin) ? ['access-control-allow-origin', origin] : []),
      ...(app.draining ? ['connection', 'close'] : []),
      ...['x-request-id', id, 'retry-after', String(error.retryAfterS ?? 1)],
      ...['content-type', jsonType, 'content-length', String(Buffer.byteLength(body))],
    ])
    response.end(body)
    app.causeLog.write(app.log, error, error.message)
  }
}

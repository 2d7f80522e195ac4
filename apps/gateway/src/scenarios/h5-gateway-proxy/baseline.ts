import { Readable } from 'node:stream'
import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy'
import type { Settings } from '@flash-deal/config'
import { roundRobin, routeOf } from '@flash-deal/service'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRepeatable } from '../../domain/failures.ts'
import {
  type ForwardedRequest,
  headersToClient,
  headersToService,
} from '../../domain/forwarded-headers.ts'
import {
  isChecked,
  isRead,
  type ProxiedOperation,
  wholeOperations,
} from '../../domain/proxied-operations.ts'
import { RetryBudget, retryDelayMs } from '../../domain/retry-budget.ts'
import { routeClassOf } from '../../domain/route-class.ts'
import type { RoutePool } from '../../domain/route-pool.ts'
import { clientOf, Forwarding } from './forwarding.ts'
import type { ProxyRoutes } from './seam.ts'
import { sendFailure, sendWhole } from './send-whole.ts'

declare module 'fastify' {
  interface FastifyRequest {
    forwarding: Forwarding
  }
}

/** @fastify/http-proxy, with exactly the paths and methods of the contracts. */
export const proxyRoutes: ProxyRoutes = async (app, options) => {
  keepBodies(app)
  const count = app.witness('H5', 'proxied')
  app.addHook('onRequest', async () => count())
  // Set before anything can read it, by the hook below.
  app.decorateRequest('forwarding', null as unknown as Forwarding)
  const budget = new RetryBudget()
  // Each registration has one method, one class and one check, so no request needs a decision.
  for (const group of Map.groupBy(wholeOperations, groupOf).values()) {
    await app.register(async (scope) => {
      if (group.every(isChecked)) scope.addHook('onRequest', options.identify)
      scope.addHook('preHandler', placeIn(app, group))
      await scope.register(httpProxy, proxyOptions(scope, options.settings, group, budget))
    })
  }
}

const groupOf = (each: ProxiedOperation): string =>
  `${each.upstream} ${routeClassOf(each)} ${each.operation.method} ${each.operation.secured}`

/** Bodies are buffered up to the limit and forwarded unchanged. */
const keepBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) =>
    body.length === 0 ? undefined : Readable.from([body]),
  )
}

type Group = readonly ProxiedOperation[]

const poolOf = (app: FastifyInstance, group: Group): RoutePool => {
  // A group has at least one operation.
  const [first] = group as [ProxiedOperation]
  return app.routePools[routeClassOf(first)]
}

/** Takes a place after the body has arrived, so a slow client holds none. */
const placeIn = (app: FastifyInstance, group: Group) => {
  const given = { pool: poolOf(app, group), isRead: group.every(isRead) }
  return async (request: FastifyRequest, { raw: response }: FastifyReply): Promise<void> => {
    request.forwarding = new Forwarding({ ...given, request, response })
    await request.forwarding.begin()
  }
}

const proxyOptions = (
  app: FastifyInstance,
  settings: Settings<'gateway'>,
  group: readonly ProxiedOperation[],
  budget: RetryBudget,
): FastifyHttpProxyOptions => {
  const [{ upstream, operation }] = group as [ProxiedOperation]
  return {
    upstream: '',
    httpMethods: [operation.method.toUpperCase()],
    routes: group.map((each) => routeOf(each.operation)),
    proxyPayloads: false,
    disableRequestLogging: true,
    undici: clientOf(poolOf(app, group)),
    handler: ({ forwarding }, reply, dest, options) =>
      forwarding.send(() => reply.from(dest, options)),
    replyOptions: {
      getUpstream: roundRobin(app.upstreamUrls[upstream]),
      rewriteRequestHeaders: rewriteFor(settings.INTERNAL_KEY, upstream === 'auth'),
      rewriteHeaders: headersToClient,
      onResponse: (_request, reply, { stream }) => sendWhole(reply, stream),
      onError: (reply, { error }) => sendFailure(reply, error),
      retryDelay: ({ err, req, attempt }) => retryAfterMs(err, req.method, attempt, budget),
    },
  }
}

const rewriteFor =
  (internalKey: string, needsToken: boolean) =>
  (request: ForwardedRequest): Record<string, string> => {
    const headers = headersToService(request, internalKey)
    const { authorization } = request.headers
    return needsToken && authorization !== undefined ? { ...headers, authorization } : headers
  }

/**
 * A failed request may have taken effect, so only reads are retried, once.
 * @returns the delay in milliseconds; null for no retry
 */
const retryAfterMs = (
  error: Error | null,
  method: string | undefined,
  attempt: number,
  budget: RetryBudget,
): number | null => {
  if (attempt === 0) budget.request()
  const isRead = method === 'GET' || method === 'HEAD'
  if (!isRead || attempt > 0 || error === null || !isRepeatable(error)) return null
  return budget.spend() ? retryDelayMs() : null
}

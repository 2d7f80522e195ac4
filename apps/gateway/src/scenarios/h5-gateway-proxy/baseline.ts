import { Readable } from 'node:stream'
import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy'
import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import {
  type ForwardedRequest,
  headersToClient,
  headersToService,
} from '../../domain/forwarded-headers.ts'
import { inTurn } from '../../domain/in-turn.ts'
import { type ProxiedOperation, proxiedOperations } from '../../domain/proxied-operations.ts'
import { RetryBudget } from '../../domain/retry-budget.ts'

type Options = {
  settings: Settings<'gateway'>
  identify: onRequestHookHandler
}

/** @fastify/http-proxy, with exactly the paths and methods of the contracts. */
export const proxyRoutes = async (app: FastifyInstance, options: Options): Promise<void> => {
  keepBodies(app)
  const count = app.witness('H5', 'proxied')
  app.addHook('onRequest', async () => count())
  const budget = new RetryBudget()
  // One registration has one method, one upstream and one way to check: nothing is asked later.
  for (const group of Map.groupBy(proxiedOperations, groupOf).values()) {
    await app.register(async (scope) => {
      if (isChecked(group)) scope.addHook('onRequest', options.identify)
      await scope.register(httpProxy, proxyOptions(scope, options.settings, group, budget))
    })
  }
}

const groupOf = ({ upstream, operation }: ProxiedOperation): string =>
  `${upstream} ${operation.method} ${operation.secured}`

/** Bodies are read whole, up to the limit, and go on as they came. */
const keepBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) =>
    body.length === 0 ? undefined : Readable.from([body]),
  )
}

/** Auth verifies what is meant for it; nobody asks it twice. */
const isChecked = ([first]: readonly ProxiedOperation[]): boolean =>
  first?.operation.secured === 'bearer' && first.upstream !== 'auth'

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
    routes: group.map((each) => each.operation.path.replaceAll(/\{(\w+)\}/g, ':$1')),
    proxyPayloads: false,
    disableRequestLogging: true,
    undici: { connections: 64, connect: { timeout: 1_000 } },
    // What finding out whose token it is has taken is taken from the service's time.
    handler: (request, reply, dest, options) =>
      reply.from(dest, { ...options, timeout: request.deadline.remainingMs() }),
    replyOptions: {
      getUpstream: inTurn(app.upstreamUrls[upstream]),
      rewriteRequestHeaders: rewriteFor(settings.INTERNAL_KEY, upstream === 'auth'),
      rewriteHeaders: headersToClient,
      onError: (reply, { error }) => reply.send(inOurWords(error)),
      retryDelay: ({ err, req, attempt }) => retryDelayMs(err, req.method, attempt, budget),
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

/** Whether a service took a request that failed is not known, so only reading is repeated, once. */
const retryDelayMs = (
  error: Error | null,
  method: string | undefined,
  attempt: number,
  budget: RetryBudget,
): number | null => {
  if (attempt === 0) budget.request()
  const isRepeatable = error !== null && attempt === 0 && (method === 'GET' || method === 'HEAD')
  return isRepeatable && !isTimeout(error) && budget.spend() ? 10 + Math.random() * 20 : null
}

const isTimeout = (error: Error): boolean =>
  ('code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT') ||
  ('statusCode' in error && error.statusCode === 504)

const inOurWords = (cause: Error): ApiError =>
  new ApiError(isTimeout(cause) ? 'DEADLINE_EXCEEDED' : 'SERVICE_UNAVAILABLE', { cause })

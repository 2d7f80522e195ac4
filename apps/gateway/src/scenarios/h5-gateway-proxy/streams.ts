import type { Settings } from '@flash-deal/config'
import { ApiError } from '@flash-deal/errors'
import { roundRobin, routeOf } from '@flash-deal/service'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Dispatcher } from 'undici'
import { toApiError } from '../../domain/failures.ts'
import { headersToClient } from '../../domain/forwarded-headers.ts'
import { headerListOf } from '../../domain/header-list.ts'
import { type ProxiedOperation, streamOperations } from '../../domain/proxied-operations.ts'
import { routeClassOf } from '../../domain/route-class.ts'

type Options = { settings: Settings<'gateway'>; identify: onRequestHookHandler }

/**
 * Event streams. They cannot be buffered, and the deadline applies to their head only. Each keeps a
 * place of its class.
 */
export const streamRoutes = async (app: FastifyInstance, options: Options): Promise<void> => {
  const open = new Set<AbortController>()
  // A stopping gateway does not wait for them; clients reconnect after the time in `retry`.
  app.addHook('preClose', async () => {
    for (const each of open) each.abort()
  })
  for (const each of streamOperations) {
    const ask = askFor(app, each, options.settings)
    app.route({
      method: 'GET',
      url: routeOf(each.operation),
      onRequest: [options.identify],
      handler: (request, reply) => stream(ask, open, request, reply),
    })
  }
}

type Ask = (request: FastifyRequest, signal: AbortSignal) => Promise<Dispatcher.ResponseData>

const askFor = (
  app: FastifyInstance,
  each: ProxiedOperation,
  { INTERNAL_KEY: internalKey }: Settings<'gateway'>,
): Ask => {
  const pool = app.routePools[routeClassOf(each)]
  const nextOrigin = roundRobin(app.upstreamUrls[each.upstream])
  const headersOf = headerListOf({ internalKey, isRead: true, needsToken: false })
  return async (request, signal) => {
    const leave = await pool.enter(request, signal)
    try {
      const origin = new URL(nextOrigin()).origin
      const path = request.raw.url ?? '/'
      const method = request.method === 'HEAD' ? 'HEAD' : 'GET'
      const outgoing = { origin, path, method, headers: headersOf(request), signal } as const
      const response = await pool.agent.request(outgoing)
      response.body.once('close', leave)
      return response
    } catch (error) {
      leave()
      throw error
    }
  }
}

const stream = async (
  ask: Ask,
  open: Set<AbortController>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const ending = new AbortController()
  const late = setTimeout(
    () => ending.abort(new ApiError('DEADLINE_EXCEEDED')),
    request.deadline.remainingMs(),
  )
  const hungUp = (): void => ending.abort()
  reply.raw.once('close', hungUp)
  open.add(ending)
  try {
    const { statusCode, headers, body } = await ask(request, ending.signal)
    body.once('close', () => open.delete(ending))
    // An end by the client or by this process is not a failure.
    body.on('error', () => reply.raw.end())
    return reply.code(statusCode).headers(headersToClient(headers)).send(body)
  } catch (error) {
    open.delete(ending)
    throw toApiError(error)
  } finally {
    clearTimeout(late)
  }
}

import type { Settings } from '@flash-deal/config'
import type { Operation } from '@flash-deal/contracts'
import { Deadline, roundRobin } from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { headersToClient, headersToService } from '../../../domain/forwarded-headers.ts'
import { tagOf } from '../conditional.ts'
import { isCacheable } from './cacheable.ts'
import type { Read } from './cached-reads.ts'
import { compressed } from './compressed.ts'

/** What a shared read takes from the request that starts it. */
export type Initiator = Pick<FastifyRequest, 'headers' | 'id' | 'ip' | 'coding'>

/**
 * Copies it. The request itself changes while the read waits: E6 sets another coding when it sends a
 * response, and the address is lost when the client disconnects.
 */
export const initiatorOf = ({ headers, id, ip, coding }: FastifyRequest): Initiator => {
  const { traceparent, tracestate } = headers
  const trace = { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) }
  return { headers: trace, id, ip, coding }
}

export type AskProduct = (operation: Operation, path: string, by: Initiator) => Promise<Read>

/**
 * Reads from product on behalf of all clients with the same request. Only request id and trace of a
 * client's request are forwarded; a client that disconnects does not cancel the call.
 */
export const productReader = (app: FastifyInstance, settings: Settings<'gateway'>): AskProduct => {
  const pool = app.routePools.reads
  const nextOrigin = roundRobin(app.upstreamUrls.product.map((url) => new URL(url).origin))
  return async (operation, path, by) => {
    const deadline = Deadline.in(settings.DEADLINE_MS)
    const askedAt = Date.now()
    const response = await pool.run({ deadline, ip: by.ip }, async () => {
      const request = { ...by, method: 'GET', userId: '', deadline }
      const { statusCode, headers, body } = await pool.agent.request({
        origin: nextOrigin(),
        path,
        method: 'GET',
        headers: headersToService(request, settings.INTERNAL_KEY),
        signal: AbortSignal.timeout(deadline.remainingMs()),
      })
      return { statusCode, headers, body: Buffer.from(await body.arrayBuffer()) }
    })
    const read = {
      status: response.statusCode,
      headers: headersToClient(response.headers),
      body: response.body,
      tag: tagOf(response.body),
      isCacheable: isCacheable(operation, response.body, askedAt, settings.EDGE_CACHE_TTL_MS),
    }
    return compressed(read, by.coding)
  }
}

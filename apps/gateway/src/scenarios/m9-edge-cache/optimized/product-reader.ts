import { setTimeout as pause } from 'node:timers/promises'
import type { Settings } from '@flash-deal/config'
import type { Operation } from '@flash-deal/contracts'
import { Deadline, roundRobin } from '@flash-deal/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isRepeatable } from '../../../domain/failures.ts'
import { headersToClient, headersToService } from '../../../domain/forwarded-headers.ts'
import { RetryBudget, retryDelayMs } from '../../../domain/retry-budget.ts'
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
 * client's request are forwarded; a client that disconnects does not cancel the call. As in H5, a call
 * whose connection fails is repeated once, if the budget of retries allows it. The function that it
 * returns rejects with an error that `toApiError` maps.
 */
export const productReader = (app: FastifyInstance, settings: Settings<'gateway'>): AskProduct => {
  const pool = app.routePools.reads
  const budget = new RetryBudget()
  const call = callerOf(app, settings)
  return async (operation, path, by) => {
    const deadline = Deadline.in(settings.DEADLINE_MS)
    const askedAt = Date.now()
    const { status, headers, body } = await pool.run({ deadline, ip: by.ip }, () =>
      withRetry(budget, () => call(path, by, deadline)),
    )
    const read = {
      status,
      headers: headersToClient(headers),
      body,
      tag: tagOf(body),
      isCacheable: isCacheable(operation, body, askedAt, settings.EDGE_CACHE_TTL_MS),
    }
    return compressed(read, by.coding)
  }
}

/** Calls product once, with the connections of the class `reads`. */
const callerOf = (app: FastifyInstance, { INTERNAL_KEY }: Settings<'gateway'>) => {
  const { agent } = app.routePools.reads
  const nextOrigin = roundRobin(app.upstreamUrls.product.map((url) => new URL(url).origin))
  return async (path: string, by: Initiator, deadline: Deadline) => {
    const { statusCode, headers, body } = await agent.request({
      origin: nextOrigin(),
      path,
      method: 'GET',
      headers: headersToService({ ...by, method: 'GET', userId: '', deadline }, INTERNAL_KEY),
      signal: AbortSignal.timeout(deadline.remainingMs()),
    })
    return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) }
  }
}

const withRetry = <Result>(
  budget: RetryBudget,
  attempt: () => Promise<Result>,
): Promise<Result> => {
  budget.request()
  return attempt().catch(async (error: Error) => {
    if (!isRepeatable(error) || !budget.spend()) throw error
    await pause(retryDelayMs())
    return attempt()
  })
}

import type { ApiError } from '@flash-deal/errors'
import { RecentRefusals } from '@flash-deal/service'
import type {
  FastifyRequest,
  onSendHookHandler,
  preHandlerHookHandler,
  RouteOptions,
} from 'fastify'
import { soldOutIn } from './optimized/sold-out-in.ts'
import type { SoldOut } from './seam.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Stores that this order was rejected; undefined for an order that is always forwarded. */
    learnSoldOut: ((refusal: ApiError) => void) | undefined
  }
}

/** Larger bodies are always forwarded, in bytes. An order of one line with an address has about 500. */
const bytesMax = 2_000

/**
 * Refuses an order without forwarding it, if order rejected the same bytes within the last 50 ms because
 * a deal is sold out. An order under an Idempotency-Key is always forwarded: its id may be held already.
 */
export const refuseRepeated: SoldOut = (app) => {
  const [known, passed] = [app.witness('M7', 'sold_out_known'), app.witness('M7', 'passed')]
  const refusals = new RecentRefusals<ApiError>({ validMs: 50, recheckMs: 10 })

  const refuse: preHandlerHookHandler = (request, _reply, done) => {
    const key = keyOf(request)
    const refusal = key === undefined ? undefined : refusals.of(key)
    if (refusal) {
      known()
      done(refusal)
      return
    }
    passed()
    if (key !== undefined) request.learnSoldOut = refusals.asking(key)
    done()
  }

  const learn: onSendHookHandler = ({ learnSoldOut, body }, { statusCode }, payload, done) => {
    const refusal = learnSoldOut && statusCode === 400 ? soldOutIn(payload, body) : undefined
    if (refusal) learnSoldOut?.(refusal)
    done(null, payload)
  }

  /** Before the response, so that whoever reads it can order the units. */
  const forget: onSendHookHandler = (_request, _reply, payload, done) => {
    refusals.forgetAll()
    done(null, payload)
  }

  app.decorateRequest('learnSoldOut', undefined)
  app.addHook('onRoute', (route) => {
    if (isPost(route, '/orders')) {
      route.preHandler = [...[route.preHandler ?? []].flat(), refuse]
      route.onSend = [...[route.onSend ?? []].flat(), learn]
    }
    if (isPost(route, '/orders/:order_id/cancel')) {
      route.onSend = [...[route.onSend ?? []].flat(), forget]
    }
  })
}

const isPost = ({ method, url }: RouteOptions, path: string): boolean =>
  method === 'POST' && url === path

/** Everything that order reads of an order without an Idempotency-Key, except for the user. */
const keyOf = ({ body, headers, raw }: FastifyRequest): string | undefined => {
  if (headers['idempotency-key'] !== undefined) return undefined
  if (!Buffer.isBuffer(body) || body.length > bytesMax) return undefined
  return `${raw.url} ${headers['content-type']}\n${body.toString('latin1')}`
}

import { Socket } from 'node:net'
import cors from '@fastify/cors'
import { http } from '@flash-deal/service/node-http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/** Headers for browsers: no frames, no content sniffing, no scripts; other origins only if configured. */
export const browserSafety = fp(
  async (app: FastifyInstance, { corsOrigins }: { corsOrigins: readonly string[] }) => {
    const headers = safetyHeaders()
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
    if (corsOrigins.length === 0) return
    await app.register(cors, {
      origin: [...corsOrigins],
      methods: ['GET', 'POST', 'PATCH'],
      exposedHeaders,
      maxAge: 600,
      // Otherwise the plugin replies to an OPTIONS request that is no preflight with its own 400 body.
      strictPreflight: false,
    })
  },
  { name: 'browser-safety' },
)

const exposedHeaders = ['x-request-id', 'retry-after', 'location', 'ratelimit', 'ratelimit-policy']

/** The headers of every response if other origins are allowed. */
export const corsHeaders = {
  'access-control-expose-headers': exposedHeaders.join(', '),
  vary: 'Origin',
}

/**
 * The headers that helmet sets. They are the same for every response and are read once, because
 * helmet's thirteen functions cost as much as the routing of a request.
 */
export const safetyHeaders = (): Record<string, string> => {
  const request = new http.IncomingMessage(new Socket())
  const response = new http.ServerResponse(request)
  const setHeaders = helmet({
    // Responses are data; the documentation pages have their own policy.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  })
  setHeaders(request, response, () => {})
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  )
}

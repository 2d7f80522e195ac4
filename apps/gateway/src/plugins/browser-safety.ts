import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/** Headers for browsers: nothing may be framed, sniffed or run; other origins only where set. */
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
      exposedHeaders: ['x-request-id', 'retry-after', 'location', 'ratelimit', 'ratelimit-policy'],
      maxAge: 600,
      // Otherwise an OPTIONS that is no preflight gets a 400 in the plugin's own words.
      strictPreflight: false,
    })
  },
  { name: 'browser-safety' },
)

/**
 * The headers that helmet sets, which are the same for every response: read once, because running
 * its thirteen functions costs as much as the routing of a request.
 */
const safetyHeaders = (): Record<string, string> => {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const setHeaders = helmet({
    // Responses are data; the documentation pages bring a policy of their own.
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

import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Headers for browsers: nothing may be framed, sniffed or run; other origins only where set. */
export const browserSafety = fp(
  async (app: FastifyInstance, { corsOrigins }: { corsOrigins: readonly string[] }) => {
    await app.register(helmet, {
      // Answers are data; the documentation pages bring a policy of their own.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
    })
    if (corsOrigins.length === 0) return
    await app.register(cors, {
      origin: [...corsOrigins],
      methods: ['GET', 'POST', 'PATCH'],
      exposedHeaders: ['x-request-id', 'retry-after', 'location'],
      maxAge: 600,
      // Otherwise an OPTIONS that is no preflight gets a 400 in the plugin's own words.
      strictPreflight: false,
    })
  },
  { name: 'browser-safety' },
)

import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Swagger UI at `/docs`, the merged contract at `/openapi.yaml`. */
export const docs = fp(
  async (app: FastifyInstance) => {
    const path = fileURLToPath(import.meta.resolve('@flash-deal/contracts/openapi.yaml'))
    const yaml = await readFile(path, 'utf8')
    await app.register(swagger, {
      mode: 'static',
      specification: { path, postProcessor: (document) => document, baseDir: dirname(path) },
    })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
    app.get('/openapi.yaml', { schema: { hide: true } }, async (_, reply) =>
      reply.type('application/yaml').send(yaml),
    )
  },
  { name: 'docs' },
)

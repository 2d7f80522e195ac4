import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** The merged contract, as it was generated. */
const path = fileURLToPath(import.meta.resolve('@flash-deal/contracts/openapi.yaml'))

const specification = {
  path,
  baseDir: dirname(path),
  postProcessor: <Document>(document: Document): Document => document,
}

/** Swagger UI at `/docs`, the merged contract at `/openapi.yaml`. */
export const docs = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, { mode: 'static', specification })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
    const yaml = await readFile(path, 'utf8')
    app.get('/openapi.yaml', async (_, reply) => reply.type('application/yaml').send(yaml))
  },
  { name: 'docs' },
)

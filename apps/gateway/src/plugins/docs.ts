import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import swagger, { type StaticDocumentSpec } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { documents, merge } from '@flash-deal/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** The merged contract, as it was generated. */
const path = fileURLToPath(import.meta.resolve('@flash-deal/contracts/openapi.yaml'))

/**
 * The same as an object, because parsing the YAML takes longer than all the rest of the start. A
 * copy, because the plugin's type can be written to.
 */
const document: StaticDocumentSpec['document'] = JSON.parse(JSON.stringify(merge(documents)))

/** Swagger UI at `/docs`, the merged contract at `/openapi.yaml`. */
export const docs = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, { mode: 'static', specification: { document } })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
    const yaml = await readFile(path, 'utf8')
    app.get('/openapi.yaml', async (_, reply) => reply.type('application/yaml').send(yaml))
  },
  { name: 'docs' },
)

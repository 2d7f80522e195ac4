import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import swagger, { type StaticDocumentSpec } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { documents, merge } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import { type KnownRoute, pathOf } from '@flash-deal/service'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'

/** The generated merged contract. */
const path = fileURLToPath(import.meta.resolve('@flash-deal/contracts/openapi.yaml'))

/**
 * The merged contract as an object, because parsing the YAML takes longer than the rest of the start.
 * A copy, because the plugin's type is mutable.
 */
const document: StaticDocumentSpec['document'] = JSON.parse(JSON.stringify(merge(documents)))

/** Paths of this plugin, which are in no contract. */
export const docsRoutes: readonly KnownRoute[] = [
  { method: 'get', path: '/docs' },
  { method: 'get', path: '/docs/' },
  { method: 'get', path: '/docs/json' },
  { method: 'get', path: '/docs/yaml' },
  { method: 'get', path: '/docs/static/{file}' },
  { method: 'get', path: '/openapi.yaml' },
]

/** Swagger UI at `/docs`, the merged contract at `/openapi.yaml`. */
export const docs = fp(
  async (app: FastifyInstance) => {
    await app.register(pages)
    const yaml = await readFile(path, 'utf8')
    app.get('/openapi.yaml', async (_, reply) => reply.type('application/yaml').send(yaml))
  },
  { name: 'docs' },
)

const pages = async (app: FastifyInstance): Promise<void> => {
  app.addHook('onRequest', ignoreRangeHeaders)
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.removeHeader('accept-ranges')
    done(null, payload)
  })
  await app.register(swagger, { mode: 'static', specification: { document } })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
}

const partial = ['range', 'if-range', 'if-match', 'if-unmodified-since'] as const

/** The maximum length of a file path in characters: the file system throws at a longer name. */
const pathMax = 200

/**
 * Files are sent whole, or not at all if the client has the current version: @fastify/static throws at
 * ranges and conditions that fail. A server may ignore these headers.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
const ignoreRangeHeaders: onRequestHookHandler = ({ headers, url }, _reply, done) => {
  for (const name of partial) delete headers[name]
  done(pathOf(url).length > pathMax ? new ApiError('NOT_FOUND') : undefined)
}

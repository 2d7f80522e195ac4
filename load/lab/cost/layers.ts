import type { IncomingMessage, Server } from 'node:http'
import { readSettings, resolveScenarios, type Settings } from '@flash-deal/config'
import { documents } from '@flash-deal/contracts'
import { errorHandler } from '@flash-deal/errors'
import { proxiedOperations } from '@flash-deal/gateway/domain/proxied-operations'
import { handlers } from '@flash-deal/gateway/handlers/index'
import { browserSafety } from '@flash-deal/gateway/plugins/browser-safety'
import { plainPaths } from '@flash-deal/gateway/plugins/plain-paths'
import { services } from '@flash-deal/gateway/plugins/services'
import { contract } from '@flash-deal/service'
import { health } from '@flash-deal/service/health'
import { loggerOptions } from '@flash-deal/service/logger'
import { metrics } from '@flash-deal/service/metrics'
import { requestIdOf } from '@flash-deal/service/request-id'
import { requestLog } from '@flash-deal/service/request-log'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

/** The layers of the gateway, starting with a bare route. Each one is added to the previous ones. */

export type Layer = {
  name: string
  /** Merged with the options of the previous layers. */
  server?: FastifyServerOptions<Server>
  add?: (app: FastifyInstance, settings: Settings<'gateway'>) => Promise<unknown>
}

const name = 'gateway'
const { scenarios } = resolveScenarios({}, {})

export const layers: readonly Layer[] = [
  { name: 'bare route' },
  {
    name: 'logger, request id and trace',
    server: {
      ...loggerOptions(name, 'info'),
      genReqId: (request: IncomingMessage) => requestIdOf(request),
    },
  },
  {
    name: 'metrics',
    add: async (app) => {
      await app.register(errorHandler)
      await app.register(health, { name, scenarios })
      await app.register(metrics)
    },
  },
  { name: 'log line', add: async (app) => app.register(requestLog) },
  { name: 'path check', add: async (app) => app.register(plainPaths) },
  {
    name: 'security headers',
    add: async (app) => app.register(browserSafety, { corsOrigins: [] }),
  },
  {
    name: 'routing by contract',
    add: async (app, settings) => {
      await app.register(services, { settings })
      const external = proxiedOperations.map(({ operation }) => operation)
      await app.register(contract, {
        document: documents.gateway,
        handlers,
        externalOperations: external,
      })
    },
  },
]

/** The body of every response, 300 bytes. */
const body = JSON.stringify({ filler: 'x'.repeat(287) })

/** An app with all layers up to and including the one with this index. */
export const appWithLayers = async (upTo: number): Promise<FastifyInstance> => {
  const settings = readSettings(name, {})
  const own = layers.slice(0, upTo + 1)
  const options: FastifyServerOptions<Server> = {}
  for (const { server } of own) Object.assign(options, server)
  const app = Fastify(options)
  for (const { add } of own) await add?.(app, settings)
  app.get('/bare', (_request, reply) => {
    reply.type('application/json; charset=utf-8').send(body)
  })
  return app
}

import { generateKeyPairSync } from 'node:crypto'
import { auth } from '@flash-deal/auth'
import type { Scenarios } from '@flash-deal/config'
import { order } from '@flash-deal/order'
import { product } from '@flash-deal/product'
import {
  type BuildOptions,
  buildApp,
  freePort,
  freshDatabase,
  type Test,
} from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { gateway } from '../src/app.ts'
import { callerAt, newUser } from './client.ts'

export type SystemOptions = {
  scenarios?: Partial<Scenarios>
  /** Where product is to run with other ones. */
  productScenarios?: Partial<Scenarios>
  settings?: Record<string, string>
  logStream?: BuildOptions['logStream']
}

/** All four services in this process, on one fresh database, each on a free port. */
export const startSystem = async (t: Test, options: SystemOptions = {}) => {
  const { scenarios = {}, productScenarios = scenarios } = options
  const database = await freshDatabase(scenarios)
  t.teardown(() => database.drop())
  const orderPort = await freePort()
  const urls: Record<string, string> = { ORDER_URLS: `http://127.0.0.1:${orderPort}` }
  const optionsFor = (own: Partial<Scenarios>): BuildOptions => ({
    database,
    scenarios: own,
    settings: { ...signing, ...urls, ...options.settings },
    logStream: options.logStream,
  })
  const apps: Record<string, FastifyInstance> = {}
  apps.auth = await buildApp(t, 'auth', auth, optionsFor(scenarios))
  urls.AUTH_URLS = await listen(apps.auth)
  apps.product = await buildApp(t, 'product', product, optionsFor(productScenarios))
  urls.PRODUCT_URLS = await listen(apps.product)
  apps.order = await buildApp(t, 'order', order, optionsFor(scenarios))
  await listen(apps.order, orderPort)
  apps.gateway = await buildApp(t, 'gateway', gateway, optionsFor(scenarios))
  const url = await listen(apps.gateway)
  return { url, apps, database, anybody: callerAt(url), newUser: () => newUser(url) }
}

export type System = Awaited<ReturnType<typeof startSystem>>

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The key that access tokens are signed with, for tests that make their own. */
export const signingKey = privateKey

const signing = {
  JWT_ALG: 'ES256',
  JWT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

export const listen = (app: FastifyInstance, port = 0): Promise<string> =>
  app.listen({ host: '127.0.0.1', port })

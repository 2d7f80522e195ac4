import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Scenarios } from '@flash-deal/config'
import { buildApp, eachVariant, type Test } from '@flash-deal/testing'
import tap, { type Test as TapTest } from 'tap'
import { gateway } from '../src/app.ts'
import type { RouteClass } from '../src/domain/route-class.ts'
import { envoyProgram, ownEnvoy } from './own-envoy.ts'
import { listen } from './system.ts'
import { claimsOf, tokenOf } from './tokens.ts'

/** A request that a service has received. */
export type Received = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** Alternating names and values, as received. */
  rawHeaders: string[]
  body: string
  drop: () => void
}

export type Behaviour = (request: Received, response: ServerResponse) => unknown

export const user = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keysPath = '/auth/.well-known/jwks.json'
const kid = 'the key of the tests'

/** A token of `user`, signed with the key that the obliging auth shows. */
export const someToken = tokenOf({ alg: 'ES256', typ: 'JWT', kid }, claimsOf(user), privateKey)

/** The keys of the obliging auth. */
const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] }

/** The response of auth to every token, and of all services to everything else. */
export const obliging: Behaviour = ({ path }, response) => {
  const answer = obligingAnswers[path] ?? { ok: true }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

const obligingAnswers: Readonly<Record<string, object>> = {
  '/auth/verify': { valid: true, user_id: user },
  [keysPath]: keySet,
}

/** Whether a request is one of those that verify tokens. */
export const isAboutTokens = ({ path }: { path: string }): boolean => path in obligingAnswers

/** A service whose behaviour the test defines. It records requests, except for its health. */
export const fakeService = async (t: Test, behave: Behaviour = obliging) => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers, rawHeaders, socket } = request
    const body = await text(request)
    const seen = { method, path, headers, rawHeaders, body, drop: () => socket.destroy() }
    if (!path.startsWith('/health')) received.push(seen)
    await behave(seen, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return { url: `http://127.0.0.1:${port}`, received }
}

export type FakeService = Awaited<ReturnType<typeof fakeService>>

/** The gateway with fake services; with H5=envoy Envoy is in front of it. */
export const startGateway = async (
  t: Test,
  settings: Record<string, string>,
  scenarios: Partial<Scenarios> = {},
) => {
  const isBehindEnvoy = scenarios.H5 === 'envoy'
  const trust = isBehindEnvoy ? { TRUSTED_PROXIES: '127.0.0.1' } : {}
  const app = await buildApp(t, 'gateway', gateway, {
    settings: { ...settings, ...trust },
    scenarios,
  })
  // Like a signal: persistent connections end with their next response.
  const close = async (): Promise<void> => {
    app.draining = true
    await app.close()
  }
  const waiting = async (name: RouteClass): Promise<number> =>
    countIn(await app.metrics.metrics(), `route_class_requests{class="${name}",state="waiting"}`)
  const own = await listen(app)
  if (!isBehindEnvoy) return { app, url: own, close, waiting }
  const envoy = await ownEnvoy(t, { gatewayUrl: own, given: settings })
  return { app, url: envoy.url, close: envoy.stop, waiting: waitingAt(envoy.adminUrl) }
}

/** The number of waiting requests of a class, from Envoy's statistics of its clusters. */
const waitingAt =
  (adminUrl: string) =>
  async (name: RouteClass): Promise<number> => {
    const filter = `^cluster\\.\\w+-${name}\\.upstream_rq_pending_active$`
    const answer = await fetch(`${adminUrl}/stats?filter=${encodeURIComponent(filter)}`)
    const counts = (await answer.text()).trim().split('\n')
    return counts.reduce((sum, line) => sum + Number(line.split(': ')[1] ?? 0), 0)
  }

const countIn = (metrics: string, name: string): number => {
  const line = metrics.split('\n').find((each) => each.startsWith(name))
  return Number(line?.slice(name.length) ?? 0)
}

/** The gateway before three obliging services. */
export const startObliging = async (
  t: Test,
  settings: Record<string, string> = {},
  scenarios: Partial<Scenarios> = {},
) => {
  const fakes = {
    auth: await fakeService(t),
    product: await fakeService(t),
    order: await fakeService(t),
  }
  const urls = {
    AUTH_URLS: fakes.auth.url,
    PRODUCT_URLS: fakes.product.url,
    ORDER_URLS: fakes.order.url,
  }
  return { ...(await startGateway(t, { ...urls, ...settings }, scenarios)), ...fakes }
}

export type Proxying = Pick<Scenarios, 'H5'>

/** A guarantee that every way of proxying gives. */
export const eachProxy = (
  title: string,
  guarantee: (t: TapTest, proxy: Proxying) => Promise<void>,
): void => {
  eachNodeProxy(title, guarantee)
  tap.test(`${title} (H5=envoy)`, async (t) => {
    const found = await envoyProgram()
    if ('reason' in found) t.pass('needs Envoy', { skip: found.reason })
    else await guarantee(t, { H5: 'envoy' })
  })
}

/** A guarantee that Envoy does not give; the README of H5 lists them. */
export const eachNodeProxy: typeof eachProxy = (title, guarantee) => {
  for (const H5 of eachVariant('H5')) tap.test(`${title} (H5=${H5})`, (t) => guarantee(t, { H5 }))
}

/** No process listens on this port. */
export const nowhere = 'http://127.0.0.1:1'

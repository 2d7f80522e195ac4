import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Scenarios } from '@flash-deal/config'
import { buildApp, eachVariant, type Test } from '@flash-deal/testing'
import tap, { type Test as TapTest } from 'tap'
import { gateway } from '../src/app.ts'
import { listen } from './system.ts'

/** A request as a service got it. */
export type Received = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** Names and values in turn, as they came. */
  rawHeaders: string[]
  body: string
  drop: () => void
}

export type Behaviour = (request: Received, response: ServerResponse) => unknown

export const user = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

/** What auth says of every token, and everybody of everything else. */
const obliging: Behaviour = ({ path }, response) => {
  const answer = path === '/auth/verify' ? { valid: true, user_id: user } : { ok: true }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

/** A service that does what a test wants, and remembers what it was asked, but for its health. */
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

/** The gateway alone, with services that the test plays. */
export const startGateway = async (
  t: Test,
  settings: Record<string, string>,
  scenarios: Partial<Scenarios> = {},
) => {
  const app = await buildApp(t, 'gateway', gateway, { settings, scenarios })
  // As a signal does it: connections that are kept end with their response.
  const close = async (): Promise<void> => {
    app.draining = true
    await app.close()
  }
  return { app, url: await listen(app), close }
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
  for (const H5 of eachVariant('H5')) tap.test(`${title} (H5=${H5})`, (t) => guarantee(t, { H5 }))
}

/** Nobody listens there. */
export const nowhere = 'http://127.0.0.1:1'

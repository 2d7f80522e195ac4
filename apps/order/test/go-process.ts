import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import {
  type BuildOptions,
  freePort,
  goProgram,
  type Test,
  testEnvironment,
  until,
} from '@flash-deal/testing'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import postgres from 'postgres'

/**
 * The order service in Go (H4) behind a Fastify app, so that the tests of order run on it
 * unchanged.
 */

export const hasGo = spawnSync('go', ['version']).status === 0

export type GoProcess = { port: number; stop: () => Promise<void> }

/** One process of the service in Go. It is stopped when the test ends. */
export const goProcess = async (t: Test, options: BuildOptions): Promise<GoProcess> => {
  const port = await freePort()
  const child = start(options, port)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  t.teardown(stop)
  await isUp(child, port)
  return { port, stop }
}

/** The same process behind a Fastify app. */
export const goOrder = async (t: Test, options: BuildOptions): Promise<FastifyInstance> => {
  const { port, stop } = await goProcess(t, options)
  const app = Fastify({ forceCloseConnections: true })
  app.addHook('onClose', stop)
  t.teardown(() => app.close())
  forwardAll(app, port)
  app.decorate('relayOutbox', () => relayOnce(options))
  await app.ready()
  return app
}

const start = (options: BuildOptions, port: number): ChildProcess => {
  const { scenarios = {} } = options
  const all = { ...scenarios, H4: 'optimized' }
  const flags = Object.entries(all).map(([id, variant]) => [`SCENARIO_${id}`, variant])
  const env = { DRAIN_MS: '0', ...testEnvironment(options), ...Object.fromEntries(flags) }
  return spawn(goProgram('order-go'), {
    env: { ...env, ORDER_PORT: String(port) },
    stdio: ['ignore', options.logStream ? 'pipe' : 'ignore', 'inherit'],
  })
}

const isUp = (child: ChildProcess, port: number): Promise<void> =>
  until(async () => {
    if (child.exitCode !== null) throw new Error('order in Go did not start. See its output.')
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    return answer?.ok === true
  })

/** Requests and responses are forwarded unchanged. */
const forwardAll = (app: FastifyInstance, port: number): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setNotFoundHandler(async (request, reply) => {
    const answer = await forward(request, port)
    return reply
      .code(answer.statusCode ?? 500)
      .headers(answer.headers)
      .send(await buffer(answer))
  })
}

const forward = async ({ raw, body }: FastifyRequest, port: number): Promise<IncomingMessage> => {
  const { method, url: path, headers } = raw
  const call = httpRequest({ host: '127.0.0.1', port, method, path, headers })
  call.end(body instanceof Buffer ? body : undefined)
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  return answer
}

/** Runs a second process with a relay until no event is left except failed ones. */
const relayOnce = async (options: BuildOptions): Promise<void> => {
  const port = await freePort()
  const settings = { ...options.settings, RELAY_INTERVAL_MS: '20' }
  const child = start({ ...options, settings }, port)
  await isUp(child, port)
  await untilDelivered(options)
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Milliseconds within which product acknowledges an event, unless it rejects it. */
const acknowledgedMs = 3_000

const untilDelivered = async ({ database }: BuildOptions): Promise<void> => {
  const sql = postgres(database?.adminUrl ?? '', { max: 1, onnotice: () => {} })
  const end = Date.now() + acknowledgedMs
  await until(async () => {
    const [row] = await sql<{ left: number; due: number }[]>`
      select count(*)::int as left, count(*) filter (where next_attempt_at <= now())::int as due
      from orders.outbox`
    return row?.left === 0 || (row?.due === 0 && Date.now() > end)
  })
  await sql.end({ timeout: 1 })
}

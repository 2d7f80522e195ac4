import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Environment } from '@flash-deal/config'
import { bareEnvironment } from '@flash-deal/local/child-environment'
import { root } from '@flash-deal/local/paths'
import { freePorts } from '@flash-deal/local/ports'
import { layout, pin } from '../cores.ts'
import { startGenerator } from '../generator/generator.ts'
import type { Template } from '../generator/protocol.ts'
import { listening } from '../instance.ts'
import { postOf } from '../subjects/post.ts'
import type { Rotation } from './record.ts'
import { connections, measureInRotation } from './rotation.ts'
import type { WaterfallOptions } from './waterfall.ts'
import { bareName, bareTemplate, type Work } from './work.ts'

/** `npm run cost -- gateway`: what whole requests cost in the gateway, with its scenarios on. */

/** In bare routes, by the name of the work; see the issue of the gateway's scenarios. */
export const gatewayTargets: Readonly<Record<string, number>> = {
  'proxied GET': 3,
  'proxied POST with token, limiter, 300 bytes': 4,
  'GET from the edge cache': 1.5,
  '401': 1.5,
  '429': 1.5,
}

export const measureGateway = async (options: WaterfallOptions): Promise<Rotation[]> => {
  const ports = await freePorts(4)
  const [stubPort = 0, barePort = 0, wholePort = 0, limitedPort = 0] = ports
  const children: ChildProcess[] = []
  const started = (file: string, args: string[], env: Environment = {}): ChildProcess => {
    const child = fork(file, args, {
      env: { ...bareEnvironment, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    children.push(child)
    return child
  }
  const generator = startGenerator(layout.generator)
  try {
    const [token]: string[] = await once(
      started(join(import.meta.dirname, 'stub-services.ts'), [String(stubPort)]),
      'message',
    )
    const gatewayOf = (port: number, limit: number): ChildProcess =>
      started(join(root, 'apps/gateway/src/server.ts'), [], settingsOf(stubPort, port, limit))
    const bare = started(join(import.meta.dirname, 'bare.ts'), [String(barePort)])
    const whole = gatewayOf(wholePort, 10_000_000)
    const limited = gatewayOf(limitedPort, 1)
    for (const port of [barePort, wholePort, limitedPort])
      await listening(`http://127.0.0.1:${port}`)
    const measured = { [bareName]: bare, whole, limited }
    pin(
      Object.values(measured).map(({ pid = 0 }) => pid),
      [layout.server],
    )
    const refused: Template = { wire: get('/products'), status: 429 }
    // Each connection comes from an address of its own, whose first request is admitted.
    await generator.run({ port: limitedPort, connections, durationMs: 500, templates: [refused] })
    const works = [
      workOf(bareName, barePort, bare, bareTemplate),
      ...worksAt(wholePort, whole, token ?? ''),
      workOf('429', limitedPort, limited, refused),
    ]
    const warmUpMs = options.sliceMs * 3
    const samples = await measureInRotation({ ...options, generator, works, warmUpMs })
    return [{ name: 'gateway', samples }]
  } finally {
    generator.end()
    for (const child of children) child.kill('SIGKILL')
  }
}

const settingsOf = (stubPort: number, port: number, limit: number): Environment => {
  const url = `http://127.0.0.1:${stubPort}`
  const all = String(limit)
  return {
    ...{ NODE_ENV: 'test', HOST: '127.0.0.1', LOG_LEVEL: 'info', INTERNAL_KEY: 'lab' },
    ...{ AUTH_URLS: url, PRODUCT_URLS: url, ORDER_URLS: url, GATEWAY_PORT: String(port) },
    ...{ RATE_LIMIT_ADDRESS: all, RATE_LIMIT_USER: all, RATE_LIMIT_WINDOW_S: '3600' },
    SCENARIOS: 'm2,m4,m6,m9,h5',
  }
}

const worksAt = (port: number, gateway: ChildProcess, token: string): Work[] => {
  const id = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'
  const authorization = { authorization: `Bearer ${token}` }
  const order = postOf('/orders', authorization, { filler: 'x'.repeat(287) })
  // Lists of deals are not kept at the edge.
  return [
    workOf('proxied GET', port, gateway, { wire: get('/products/deals'), status: 200 }),
    workOf('proxied POST with token, limiter, 300 bytes', port, gateway, {
      wire: order,
      status: 200,
    }),
    workOf('GET from the edge cache', port, gateway, { wire: get(`/products/${id}`), status: 200 }),
    workOf('401', port, gateway, { wire: get('/orders', 'Bearer a.b.c'), status: 401 }),
  ]
}

const get = (path: string, authorization?: string): string => {
  const line = authorization === undefined ? '' : `authorization: ${authorization}\r\n`
  return `GET ${path} HTTP/1.1\r\nhost: lab\r\n${line}\r\n`
}

const workOf = (name: string, port: number, process: ChildProcess, template: Template): Work => ({
  name,
  port,
  templates: [template],
  processes: { [name === bareName ? bareName : 'gateway']: [process.pid ?? 0] },
})

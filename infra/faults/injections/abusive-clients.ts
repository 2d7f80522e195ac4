import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import { Agent } from 'undici'
import { inParallel } from '../in-parallel.ts'
import type { FaultContext, PrepareFault } from './prepared-fault.ts'

/** Clients that exhaust the gateway's connections or CPU while others buy. */

const control = '\u0001'
const productsPerPage = 100
const readers = 80

/**
 * Clients that request pages of 3 MB and do not read them. The injection ends when each page has
 * begun to arrive, because computing the pages takes seconds of CPU time and the fault is that they
 * are not read.
 */
export const slowReaders: PrepareFault = async (context) => {
  const path = `/products?size=${productsPerPage}&category=${await longCategory(context)}`
  return holdConnections(context.stack, readers, () => ({
    bytes: head('GET', path) + end,
    until: beginsToArrive,
  }))
}

const categories = new WeakMap<Stack, Promise<string>>()

/** A category whose page has the maximum size; created once per system. */
const longCategory = ({ stack, api, users }: FaultContext): Promise<string> => {
  const category = 'long'
  const product = { name: 'Long', price: 1, stock: 0, description: control.repeat(5_000), category }
  const create = () => api('/products', { body: product, token: users.seller })
  const created = categories.get(stack) ?? createAll(create).then(() => category)
  categories.set(stack, created)
  return created
}

const createAll = (create: () => Promise<unknown>): Promise<unknown> =>
  inParallel(Array.from({ length: productsPerPage }), 10, create)

const writers = 200

/**
 * Half of the clients never finish the request head, the others the body; they send single bytes.
 */
export const slowWriters: PrepareFault = async ({ stack, users }) => {
  const body = 'Content-Type: application/json\r\nContent-Length: 10000\r\n'
  const order = `${head('POST', '/orders')}Authorization: Bearer ${users.buyer(0)}\r\n${body}`
  return holdConnections(stack, writers, (number) => ({
    bytes: number % 2 ? `${head('GET', '/products')}X-Slow: ` : `${order}${end}{`,
    drip: ' ',
  }))
}

const idlers = 2_000

/** Connections that send nothing. */
export const idleSockets: PrepareFault = async ({ stack }) =>
  holdConnections(stack, idlers, () => ({}))

const head = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: shop\r\n`
const end = '\r\n'

type Behaviour = { bytes?: string; drip?: string; until?: (socket: Socket) => Promise<unknown> }

const arriveWithinMs = 20_000

/** Also resolves if the gateway closes the connection. */
const beginsToArrive = (socket: Socket): Promise<unknown> => {
  const events = ['readable', 'close'].map((event) => once(socket, event))
  return Promise.race([...events, sleep(arriveWithinMs, undefined, { ref: false })])
}

const dripMs = 500

/** Opens connections and keeps them open until `recover`, or until the gateway closes them. */
const holdConnections = (
  stack: Stack,
  count: number,
  behaviourOf: (number: number) => Behaviour,
) => {
  const sockets: Socket[] = []
  const timers: NodeJS.Timeout[] = []
  const hold = async (number: number): Promise<void> => {
    const { bytes, drip, until } = behaviourOf(number)
    const socket = await open(stack, number)
    sockets.push(socket.pause())
    if (bytes) socket.write(bytes)
    if (drip) timers.push(setInterval(() => socket.writable && socket.write(drip), dripMs))
    await until?.(socket)
  }
  return {
    inject: async () => {
      await inParallel([...Array(count).keys()], 50, hold)
      const refused = sockets.filter(({ destroyed }) => destroyed).length
      return refused * 2 > count ? `${refused} of ${count} connections were refused` : undefined
    },
    recover: async () => {
      for (const timer of timers) clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Other addresses than the buyers', because the gateway limits connections per address. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']

const open = (stack: Stack, number: number): Promise<Socket> => {
  const { hostname: host, port } = new URL(stack.url)
  // Other systems configure 127.0.0.1 only.
  const own = process.platform === 'linux' ? addresses[number % addresses.length] : undefined
  const socket = connect({ host, port: Number(port), ...(own && { localAddress: own }) })
  return new Promise((resolve) => {
    for (const event of ['connect', 'error']) socket.once(event, () => resolve(socket))
    socket.on('error', () => {})
  })
}

const logIns = 190

/** Concurrent clients that log in repeatedly; each log-in costs auth a slow hash. */
export const burstOfLogIns: PrepareFault = async ({ stack }) => {
  const agent = new Agent({ connections: logIns })
  let isOver = false
  let done: Promise<unknown> = Promise.resolve()
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'correct horse battery' })
  const logIn = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const request = { origin: stack.url, path: '/auth/login', method: 'POST', headers, body }
    const response = await agent.request(request).catch(() => undefined)
    await response?.body.dump()
  }
  const repeat = async (): Promise<void> => {
    while (!isOver) await logIn()
  }
  return {
    inject: async () => {
      done = Promise.all(Array.from({ length: logIns }, repeat))
      return undefined
    },
    recover: async () => {
      isOver = true
      // Requests in progress end with an error, which `logIn` ignores.
      await agent.destroy()
      await done
    },
  }
}

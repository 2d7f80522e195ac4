import { connect, type Socket } from 'node:net'
import type { Stack } from '@flash-deal/local/stack'
import { Agent } from 'undici'
import { inParallel } from '../in-parallel.ts'
import type { Arrange, Scene } from './act.ts'

/** Clients that take what they can get of the gateway, while others buy. */

const control = '\u0001'
const productsAPage = 100
const readers = 80

/** Pages of 3 MB, whose clients read nothing of them. */
export const slowReaders: Arrange = async (scene) => {
  const path = `/products?size=${productsAPage}&category=${await longCategory(scene)}`
  return holding(scene.stack, readers, () => ({ bytes: head('GET', path) + end }))
}

const categories = new WeakMap<Stack, Promise<string>>()

/** A category with a page as long as one can be; made once for a system. */
const longCategory = ({ stack, api, shop }: Scene): Promise<string> => {
  const category = 'long'
  const product = { name: 'Long', price: 1, stock: 0, description: control.repeat(5_000), category }
  const create = () => api('/products', { body: product, token: shop.seller })
  const made = categories.get(stack) ?? createAll(create).then(() => category)
  categories.set(stack, made)
  return made
}

const createAll = (create: () => Promise<unknown>): Promise<unknown> =>
  inParallel(Array.from({ length: productsAPage }), 10, create)

const writers = 200

/** Half of them never end their head, the others their body; each sends a byte now and then. */
export const slowWriters: Arrange = async ({ stack, shop }) => {
  const body = 'Content-Type: application/json\r\nContent-Length: 10000\r\n'
  const order = `${head('POST', '/orders')}Authorization: Bearer ${shop.buyer(0)}\r\n${body}`
  return holding(stack, writers, (number) => ({
    bytes: number % 2 ? `${head('GET', '/products')}X-Slow: ` : `${order}${end}{`,
    drip: ' ',
  }))
}

const idlers = 2_000

/** Connections that say nothing. */
export const idleSockets: Arrange = async ({ stack }) => holding(stack, idlers, () => ({}))

const head = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: shop\r\n`
const end = '\r\n'

type Manner = { bytes?: string; drip?: string }

const dripMs = 500

/** Opens connections, and keeps them until it is mended, or the gateway closes them. */
const holding = (stack: Stack, count: number, mannerOf: (number: number) => Manner) => {
  const sockets: Socket[] = []
  const timers: NodeJS.Timeout[] = []
  const hold = async (number: number): Promise<void> => {
    const { bytes, drip } = mannerOf(number)
    const socket = await open(stack, number)
    sockets.push(socket.pause())
    if (bytes) socket.write(bytes)
    if (drip) timers.push(setInterval(() => socket.writable && socket.write(drip), dripMs))
  }
  return {
    inject: async () => {
      await inParallel([...Array(count).keys()], 50, hold)
      const refused = sockets.filter(({ destroyed }) => destroyed).length
      return refused * 2 > count ? `${refused} of ${count} connections were refused` : undefined
    },
    mend: async () => {
      for (const timer of timers) clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Not the address of the buyers, whose share of connections they would take. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']

const open = (stack: Stack, number: number): Promise<Socket> => {
  const { hostname: host, port } = new URL(stack.url)
  // Elsewhere one address alone leads to the machine itself.
  const own = process.platform === 'linux' ? addresses[number % addresses.length] : undefined
  const socket = connect({ host, port: Number(port), ...(own && { localAddress: own }) })
  return new Promise((resolve) => {
    for (const event of ['connect', 'error']) socket.once(event, () => resolve(socket))
    socket.on('error', () => {})
  })
}

const logIns = 190

/** So many log-ins at a time, one after the other; each costs auth a slow hash. */
export const burstOfLogIns: Arrange = async ({ stack }) => {
  const agent = new Agent({ connections: logIns })
  let isOver = false
  let done: Promise<unknown> = Promise.resolve()
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'correct horse battery' })
  const logIn = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const asked = { origin: stack.url, path: '/auth/login', method: 'POST', headers, body }
    const answer = await agent.request(asked).catch(() => undefined)
    await answer?.body.dump()
  }
  const goOn = async (): Promise<void> => {
    while (!isOver) await logIn()
  }
  return {
    inject: async () => {
      done = Promise.all(Array.from({ length: logIns }, goOn))
      return undefined
    },
    mend: async () => {
      isOver = true
      // What is under way ends with an error, which nobody wants to know.
      await agent.destroy()
      await done
    },
  }
}

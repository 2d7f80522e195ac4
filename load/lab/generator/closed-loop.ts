import { createHash, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { latencyOf } from '../stats/latency.ts'
import { decoded } from './decoded.ts'
import { byZipf, inTurn } from './keys.ts'
import { freshId, type Order, type Outcome, type Template } from './protocol.ts'
import { ResponseReader, type WireResponse } from './wire-response.ts'

/**
 * A closed loop that uses little CPU: prepared requests over persistent connections. Each connection
 * has its own loopback address, so that the rate limiter counts each separately.
 */

/** The whole body of one in this many responses is checked; of all others only the length. */
const bodyEvery = 64

export type Prepared = Template & {
  bytes: Buffer
  /** The offsets at which an id is inserted. */
  freshAt: readonly number[]
  length?: number
}

type Tally = {
  latenciesMs: number[]
  acceptedMs: number[]
  completed: number
  statuses: Record<string, number>
  wrongBodies: number
  errors: Record<string, number>
  bytesIn: number
  bytesOut: number
}

export const emptyTally = (): Tally => ({
  latenciesMs: [],
  acceptedMs: [],
  completed: 0,
  statuses: {},
  wrongBodies: 0,
  errors: {},
  bytesIn: 0,
  bytesOut: 0,
})

export const runClosedLoop = async (order: Order): Promise<Outcome> => {
  const tally = emptyTally()
  const templates = order.templates.map(prepared)
  const next = choiceOf(order)
  const sockets = await openSockets(order)
  const begin = performance.now()
  const span = { endMs: begin + order.durationMs, left: order.requests ?? Number.POSITIVE_INFINITY }
  await Promise.all(
    sockets.map((socket, index) => loop(socket, { templates, next }, index, span, tally)),
  )
  const elapsedMs = performance.now() - begin
  for (const socket of sockets) socket.destroy()
  const { latenciesMs, acceptedMs, ...counted } = tally
  return {
    ...counted,
    requests: latenciesMs.length,
    elapsedMs,
    latency: latencyOf(latenciesMs),
    accepted: latencyOf(acceptedMs),
    dropped: 0,
  }
}

export const choiceOf = ({ templates: { length }, zipf }: Order): ((number: number) => number) =>
  zipf ? byZipf(length, zipf) : inTurn(length)

export const prepared = (template: Template): Prepared => {
  const bytes = Buffer.from(template.wire)
  const freshAt: number[] = []
  for (let at = bytes.indexOf(freshId); at !== -1; at = bytes.indexOf(freshId, at + 1)) {
    freshAt.push(at)
  }
  return { ...template, bytes, freshAt }
}

/** Copies a template with ids: the socket may still be sending the previous request. */
export const bytesOf = ({ bytes, freshAt }: Prepared): Buffer => {
  if (freshAt.length === 0) return bytes
  const copy = Buffer.from(bytes)
  for (const at of freshAt) copy.write(randomUUID(), at, 'latin1')
  return copy
}

/** From 127.0.1.1 on: on Linux all of 127.0.0.0/8 is loopback. */
const sourceOf = (index: number): string =>
  `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`

/** @throws Error of the first connection that cannot be opened; the others are closed */
const openSockets = async ({ port, connections }: Order): Promise<Socket[]> => {
  const opening = Array.from({ length: connections }, (_, index) => opened(port, index))
  const results = await Promise.allSettled(opening)
  const sockets = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  if (sockets.length < connections) for (const socket of sockets) socket.destroy()
  await Promise.all(opening)
  return sockets
}

/** Requests written before it is connected are sent then. */
export const openSocket = (port: number, index: number): Socket => {
  const localAddress = process.platform === 'linux' ? { localAddress: sourceOf(index) } : {}
  return connect({ host: '127.0.0.1', port, noDelay: true, ...localAddress })
}

const opened = (port: number, index: number): Promise<Socket> => {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = openSocket(port, index)
  socket.once('connect', () => resolve(socket))
  socket.once('error', reject)
  return promise
}

/** The time until which requests start, and the number of requests left. */
type Span = { endMs: number; left: number }

/** The loop of one connection: it sends the next request after the previous response. */
const loop = (
  socket: Socket,
  { templates, next: choose }: { templates: readonly Prepared[]; next: (number: number) => number },
  first: number,
  span: Span,
  tally: Tally,
): Promise<void> => {
  const { promise: over, resolve: finish } = Promise.withResolvers<void>()
  const reader = new ResponseReader()
  let next = first
  let sentMs = 0
  let whyClosed = 'a closed connection'
  let current: Prepared | undefined
  const send = (): void => {
    sentMs = performance.now()
    const isOver = sentMs >= span.endMs || span.left <= 0
    current = isOver ? undefined : templates[choose(next)]
    if (current) {
      next += 1
      span.left -= 1
      tally.bytesOut += current.bytes.length
      socket.write(bytesOf(current))
    } else finish()
  }
  const read = (chunk: Buffer) => {
    try {
      return reader.push(chunk)
    } catch {
      whyClosed = 'a malformed response'
      socket.destroy()
      return undefined
    }
  }
  socket.on('data', (chunk: Buffer) => {
    const response = read(chunk)
    if (!response || !current) return
    tally.bytesIn += response.bytes
    const tookMs = performance.now() - sentMs
    tally.latenciesMs.push(tookMs)
    count(tally.statuses, String(response.status))
    if (response.status === current.status) {
      if (isRight(current, response, tally.completed)) {
        tally.completed += 1
        tally.acceptedMs.push(tookMs)
      } else tally.wrongBodies += 1
    }
    send()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    if (performance.now() < span.endMs && current) count(tally.errors, whyClosed)
    finish()
  })
  send()
  return over
}

export const isRight = (template: Prepared, response: WireResponse, number: number): boolean => {
  const { contains, digest } = template
  if (contains !== undefined) return decoded(response)?.includes(contains) ?? false
  if (digest === undefined) return true
  if (template.length === response.body.length && number % bodyEvery !== 0) return true
  const body = decoded(response)
  const isSame = body !== undefined && createHash('sha256').update(body).digest('hex') === digest
  // The same body may have different lengths if it is compressed for each response.
  if (isSame) template.length = response.body.length
  return isSame
}

export const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

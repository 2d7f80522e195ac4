import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Latency } from '../record.ts'
import { latencyOf } from '../stats/latency.ts'
import {
  bytesOf,
  choiceOf,
  count,
  emptyTally,
  isRight,
  openSocket,
  type Prepared,
  prepared,
} from './closed-loop.ts'
import { PreciseTimer } from './precise-timer.ts'
import type { Order, Outcome, Schedule } from './protocol.ts'
import { ResponseReader, type WireResponse } from './wire-response.ts'

/**
 * An open loop: requests are due at times that are fixed beforehand. The latency of a request is
 * measured from its due time, even if it had to wait for a free connection. So a pause of the server
 * counts for every request that was due during it (no coordinated omission).
 */

/** Requests that are due in the window are sent even if late; those without a response so long after it are dropped. */
const graceMs = 10_000

/** Due times in milliseconds from the start. */
export const dueTimes = ({ rate, spikeFactor }: Schedule, durationMs: number): number[] => {
  const times: number[] = []
  for (let at = 0; at < durationMs; at += 1_000 / (rate * factorAt(at / durationMs, spikeFactor))) {
    times.push(at)
  }
  return times
}

const factorAt = (share: number, spikeFactor: number): number =>
  share >= 1 / 3 && share < 2 / 3 ? spikeFactor : 1

/** A request that is due or in flight. */
type Request = { template: Prepared; dueMs: number; sentMs: number }

type Found = { ok: number[]; service: number[]; shed: number[]; failed: number[] }

type OpenOrder = Order & { schedule: Schedule }

/** @param begun receives the time from which requests are due */
export const runOpenLoop = async (
  order: OpenOrder,
  begun: (atMs: number) => void = () => {},
): Promise<Outcome> => {
  const tally = emptyTally()
  const found: Found = { ok: [], service: [], shed: [], failed: [] }
  const desk = new Desk(order, (request, response, nowMs) =>
    settle(request, response, nowMs, tally, found),
  )
  const begin = await sendWhenDue(order, desk, begun)
  while (desk.underWay > 0 && performance.now() < begin + order.durationMs + graceMs) await sleep(5)
  const elapsedMs = performance.now() - begin
  desk.close()
  const { latenciesMs: _, acceptedMs: __, ...counted } = tally
  return {
    ...counted,
    requests: found.ok.length + found.shed.length + found.failed.length,
    elapsedMs,
    latency: latencyOf(found.ok),
    service: latencyOf(found.service),
    others: othersOf(found),
    dropped: desk.underWay,
    bytesOut: desk.bytesOut,
    errors: desk.errors,
  }
}

/** @returns the time from which requests were due */
const sendWhenDue = async (
  order: OpenOrder,
  desk: Desk,
  begun: (atMs: number) => void,
): Promise<number> => {
  const templates = order.templates.map(prepared)
  const choose = choiceOf(order)
  const times = dueTimes(order.schedule, order.durationMs)
  const timer = new PreciseTimer()
  // The thread of the timer starts meanwhile.
  await timer.waitUntil(performance.now() + 1)
  const begin = performance.now()
  begun(begin)
  for (const [index, at] of times.entries()) {
    // A late request is sent at once, and its delay counts.
    await timer.waitUntil(begin + at)
    const template = templates[choose(index)]
    if (template) desk.take({ template, dueMs: begin + at, sentMs: 0 })
  }
  await timer.end()
  return begin
}

/** Outcomes that did not occur are left out. */
const othersOf = ({ shed, failed }: Found): Record<string, Latency> => {
  const others = Object.entries({ shed, failed }).filter(([, { length }]) => length > 0)
  return Object.fromEntries(others.map(([outcome, ms]) => [outcome, latencyOf(ms)]))
}

type Settle = (request: Request, response: WireResponse, nowMs: number) => void

/**
 * Sends due requests on free connections, oldest first. A connection is opened when none is free: a
 * server that has to accept all of them at once delays the first requests.
 */
class Desk {
  readonly #order: Order
  readonly #lines: Line[] = []
  readonly #free: Line[] = []
  readonly #waiting: Request[] = []
  readonly #settle: Settle
  readonly errors: Record<string, number> = {}
  underWay = 0
  bytesOut = 0

  constructor(order: Order, settle: Settle) {
    this.#order = order
    this.#settle = settle
  }

  take(request: Request): void {
    this.underWay += 1
    this.#waiting.push(request)
    this.#next()
  }

  #next(): void {
    const line = this.#waiting.length > 0 ? (this.#free.pop() ?? this.#opened()) : undefined
    const request = line && this.#waiting.shift()
    if (!line || !request) return
    request.sentMs = performance.now()
    this.bytesOut += request.template.bytes.length
    line.ask(bytesOf(request.template), (response) => {
      this.#settle(request, response, performance.now())
      this.underWay -= 1
      this.#free.push(line)
      this.#next()
    })
  }

  #opened(): Line | undefined {
    const { port, connections } = this.#order
    if (this.#lines.length >= connections) return undefined
    const line = new Line(openSocket(port, this.#lines.length))
    line.onClose = () => count(this.errors, 'a closed connection')
    this.#lines.push(line)
    return line
  }

  close(): void {
    for (const line of this.#lines) line.end()
  }
}

/** A connection with at most one request in flight. */
class Line {
  readonly #socket: Socket
  readonly #reader = new ResponseReader()
  #onResponse: ((response: WireResponse) => void) | undefined
  onClose: () => void = () => {}

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => this.onClose())
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  #read(chunk: Buffer): void {
    try {
      const response = this.#reader.push(chunk)
      if (response) this.#onResponse?.(response)
    } catch {
      this.#socket.destroy()
    }
  }

  ask(bytes: Buffer, onResponse: (response: WireResponse) => void): void {
    this.#onResponse = onResponse
    this.#socket.write(bytes)
  }

  end(): void {
    this.onClose = () => {}
    this.#socket.destroy()
  }
}

const shedding = [429, 503]

const settle = (
  { template, dueMs, sentMs }: Request,
  response: WireResponse,
  nowMs: number,
  tally: ReturnType<typeof emptyTally>,
  found: Found,
): void => {
  tally.bytesIn += response.bytes
  count(tally.statuses, String(response.status))
  if (response.status !== template.status) {
    found[shedding.includes(response.status) ? 'shed' : 'failed'].push(nowMs - dueMs)
  } else if (isRight(template, response, tally.completed)) {
    tally.completed += 1
    found.ok.push(nowMs - dueMs)
    found.service.push(nowMs - sentMs)
  } else {
    tally.wrongBodies += 1
    found.failed.push(nowMs - dueMs)
  }
}

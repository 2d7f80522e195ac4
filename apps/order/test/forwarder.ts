import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A call between the services, by the last part of its path. */
export type CallName = 'reservations' | 'confirm' | 'release' | 'resolve' | 'health'

export type Answer = { status: number; body: string }

/** A forwarded call, with the response of the service if there is one. */
export type Seen = { call: string; path: string; body: string; answer?: Answer }

/** The outcome of a call: its response, or undefined if the connection breaks. */
export type Manner = (forward: () => Promise<Answer>) => Promise<Answer | undefined>

export const refuses: Manner = async () => undefined

export const fails: Manner = async () => ({ status: 500, body: '{}' })

export const losesTheAnswer: Manner = async (forward) => {
  await forward()
  return undefined
}

export const answersNonsense: Manner = async (forward) => {
  await forward()
  return { status: 200, body: '{"results":"many"}' }
}

/** A proxy between two services that can inject faults. */
export class Forwarder {
  /** The URL of the service; set after the forwarder has started to listen. */
  target = ''
  readonly seen: Seen[] = []
  readonly #manners = new Map<string, Manner>()
  readonly #once = new Map<string, Manner>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const answer = await this.#meet(request, await text(request)).catch(() => undefined)
      if (!answer) return response.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  }

  static async listen(): Promise<Forwarder> {
    const forwarder = new Forwarder()
    forwarder.#server.listen(0, '127.0.0.1')
    await once(forwarder.#server, 'listening')
    return forwarder
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  /** Applies to all such calls until `heal`. */
  on(call: CallName, manner: Manner): void {
    this.#manners.set(call, manner)
  }

  /** Applies to the next such call only. */
  once(call: CallName, manner: Manner): void {
    this.#once.set(call, manner)
  }

  /** Removes all faults and recorded calls. */
  heal(): void {
    this.#manners.clear()
    this.#once.clear()
    this.seen.length = 0
  }

  /** The recorded calls of this name. */
  calls(call: CallName): Seen[] {
    return this.seen.filter((each) => each.call === call)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #meet(request: IncomingMessage, body: string): Promise<Answer | undefined> {
    const path = request.url ?? '/'
    const seen: Seen = { call: path.split('/').at(-1) ?? '', path, body }
    this.seen.push(seen)
    const manner = this.#once.get(seen.call) ?? this.#manners.get(seen.call)
    this.#once.delete(seen.call)
    const forward = () => this.#forward(request, seen)
    return manner ? manner(forward) : forward()
  }

  async #forward({ method = 'GET', headers }: IncomingMessage, seen: Seen): Promise<Answer> {
    const kept = Object.entries(headers).filter(
      ([name]) => name.startsWith('x-') || name === 'content-type' || name === 'traceparent',
    )
    const response = await fetch(this.target + seen.path, {
      method,
      headers: kept.map(([name, value]): [string, string] => [name, String(value)]),
      ...(seen.body !== '' && { body: seen.body }),
    })
    seen.answer = { status: response.status, body: await response.text() }
    return seen.answer
  }
}

/** Holds a call or its response until `letGo`. */
export class Held {
  readonly #reached = Promise.withResolvers<void>()
  readonly #open = Promise.withResolvers<void>()

  /** Resolves when the call is held; with `answer`, the service has processed it. */
  readonly reached = this.#reached.promise
  readonly letGo = this.#open.resolve

  /** Holds the response. */
  readonly answer: Manner = async (forward) => {
    const answer = await forward()
    await this.#stop()
    return answer
  }

  /** Holds the call before the service receives it. */
  readonly request: Manner = async (forward) => {
    await this.#stop()
    return forward()
  }

  async #stop(): Promise<void> {
    this.#reached.resolve()
    await this.#open.promise
  }
}

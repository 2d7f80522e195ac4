import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from '@flash-deal/testing'

/** A way to PostgreSQL that can be stopped up or cut, as a network can. */
export class Link {
  /** The address of the same database, by this way. */
  readonly url: string
  readonly #sockets: Set<Socket>
  readonly #state: { isDown: boolean }

  private constructor(url: string, sockets: Set<Socket>, state: { isDown: boolean }) {
    this.url = url
    this.#sockets = sockets
    this.#state = state
  }

  static async to(t: Test, url: string): Promise<Link> {
    const target = new URL(url)
    const sockets = new Set<Socket>()
    const state = { isDown: false }
    const server = createServer((client) => {
      if (state.isDown) return client.destroy()
      join(client, connect(Number(target.port), target.hostname), sockets)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    return new Link(urlAt(url, server.address() as AddressInfo), sockets, state)
  }

  /** Answers no longer come through; what is sent still does. */
  holdAnswers(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  letAnswersCome(): void {
    for (const socket of this.#sockets) socket.resume()
  }

  /** Connections break, and new ones are refused. */
  cut(): void {
    this.#state.isDown = true
    for (const socket of this.#sockets) socket.destroy()
  }

  repair(): void {
    this.#state.isDown = false
  }
}

const urlAt = (url: string, { port }: AddressInfo): string => {
  const own = new URL(url)
  own.host = `127.0.0.1:${port}`
  return own.href
}

/** `sockets` has the server's side of each connection. */
const join = (client: Socket, server: Socket, sockets: Set<Socket>): void => {
  sockets.add(server)
  client.on('data', (data) => server.write(data))
  server.on('data', (data) => client.write(data))
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => {})
    one.on('close', () => {
      sockets.delete(server)
      other.destroy()
    })
  }
}

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'

/** A connection through the link: both sockets, and the delayed responses. */
type Wire = {
  client: Socket
  server: Socket
  answers: Promise<void>
  isDeaf: boolean
  /** The texts of prepared statements by name: postgres.js sends the text only once. */
  prepared: Map<string, string>
}

/** A TCP proxy to a server that can inject network faults. `restore` ends the fault. */
export class Link {
  /** The address of the server through the proxy. */
  readonly url: string
  readonly #target: URL
  readonly #server: Server
  readonly #wires = new Set<Wire>()
  #isCut = false
  #questionsLeft = Number.POSITIVE_INFINITY
  #holds = { questions: false, answers: false }
  #delayMs = 0
  #onCommit: (() => void) | undefined
  #alsoCommits: RegExp | undefined

  private constructor(server: Server, url: string) {
    this.#server = server
    this.#target = new URL(url)
    const own = new URL(url)
    own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    this.url = own.href
    server.on('connection', (client) => this.#join(client))
  }

  static async to(t: Test, url: string): Promise<Link> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const link = new Link(server, url)
    t.teardown(() => link.close())
    return link
  }

  /** Breaks all connections and refuses new ones. */
  cut(): void {
    this.#isCut = true
    for (const wire of this.#wires) end(wire)
  }

  /** Drops the nth message from now on, counted from 1, and resets only its connection. */
  breakAt(nth: number): void {
    this.#questionsLeft = nth
  }

  /** Holds back responses until `restore`. Requests still pass. */
  holdAnswers(): void {
    this.#hold({ questions: false, answers: true })
  }

  /** Holds back all traffic until `restore`, without closing connections. */
  holdTraffic(): void {
    this.#hold({ questions: true, answers: true })
  }

  /** Delays each response by this number of milliseconds. */
  delayAnswers(ms: number): void {
    this.#delayMs = ms
  }

  /**
   * Drops all responses on a connection after a COMMIT was sent on it. `restore` closes these
   * connections. Resolves after the first COMMIT.
   *
   * @param alsoCommits matches statements that commit without COMMIT
   */
  loseCommits(alsoCommits?: RegExp): Promise<void> {
    this.#alsoCommits = alsoCommits
    return new Promise((resolve) => {
      this.#onCommit = resolve
    })
  }

  restore(): void {
    this.#isCut = false
    this.#questionsLeft = Number.POSITIVE_INFINITY
    this.#delayMs = 0
    this.#onCommit = undefined
    for (const wire of this.#wires) if (wire.isDeaf) end(wire)
    this.#hold({ questions: false, answers: false })
  }

  close(): void {
    this.#server.close()
    for (const wire of this.#wires) end(wire)
  }

  #hold(held: { questions: boolean; answers: boolean }): void {
    this.#holds = held
    for (const wire of this.#wires) this.#obey(wire)
  }

  #obey({ client, server }: Wire): void {
    client[this.#holds.questions ? 'pause' : 'resume']()
    server[this.#holds.answers ? 'pause' : 'resume']()
  }

  #join(client: Socket): void {
    client.on('error', () => {})
    if (this.#isCut) return void client.destroy()
    const server = connect(Number(this.#target.port), this.#target.hostname)
    const prepared = new Map<string, string>()
    const wire = { client, server, answers: Promise.resolve(), isDeaf: false, prepared }
    this.#wires.add(wire)
    client.on('data', (data) => this.#ask(wire, data))
    server.on('data', (data) => this.#answer(wire, data))
    server.on('error', () => {})
    // Data received before the end is still forwarded.
    for (const end of ['end', 'close']) client.on(end, () => server.destroySoon())
    server.on('close', () => {
      this.#wires.delete(wire)
      void wire.answers.then(() => client.destroySoon())
    })
    this.#obey(wire)
  }

  #ask(wire: Wire, data: Buffer | string): void {
    this.#questionsLeft -= 1
    if (this.#questionsLeft === 0) return void wire.client.resetAndDestroy()
    wire.server.write(data)
    const sent = data.toString('latin1')
    notePrepared(wire, sent)
    if (!this.#onCommit || !hasCommit(wire, sent, this.#alsoCommits)) return
    wire.isDeaf = true
    this.#onCommit()
  }

  /** In the order of arrival, even if the delay was removed in between. */
  #answer(wire: Wire, data: Buffer | string): void {
    if (wire.isDeaf) return
    const dueAt = performance.now() + this.#delayMs
    wire.answers = wire.answers.then(async () => {
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) await pause(waitMs)
      wire.client.write(data)
    })
  }
}

/** Messages of PostgreSQL's protocol: a type, four bytes of length, then names that end with a zero. */
const parses = /P[\s\S]{4}(\w+)\0([^\0]+)\0/g
const binds = /B[\s\S]{4}\0(\w+)\0/g

const notePrepared = ({ prepared }: Wire, sent: string): void => {
  for (const [, name = '', text = ''] of sent.matchAll(parses)) prepared.set(name, text)
}

/** Whether a message commits, by its text or by the name of a prepared statement. */
const hasCommit = ({ prepared }: Wire, sent: string, alsoCommits: RegExp | undefined): boolean =>
  /\bcommit\b/i.test(sent) ||
  Array.from(sent.matchAll(binds), ([, name = '']) => prepared.get(name) ?? '').some(
    (text) => /^commit$/i.test(text) || alsoCommits?.test(text),
  )

const end = ({ client, server }: Wire): void => {
  client.destroy()
  server.destroy()
}

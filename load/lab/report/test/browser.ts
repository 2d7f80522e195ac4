import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { environment } from '@flash-deal/config'
import { type Found, findTool } from '@flash-deal/local/find-tool'

/** A headless Chromium, spoken to by its DevTools protocol over a pair of pipes. */

const path = ['chromium', 'chromium-browser', 'google-chrome']

/** CHROMIUM_BIN, else a Chromium on PATH. */
export const findChromium = (): Promise<Found> =>
  findTool({ environment: 'CHROMIUM_BIN', path }, environment())

type Fields = Record<string, unknown>

export type Page = {
  /** @throws Error with the browser's message if it rejects the command */
  send(method: string, params?: Fields): Promise<Fields>
  /** The events of one method that the browser has sent so far. */
  events(method: string): Fields[]
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>
  /** Opens an address; resolves when the page is loaded. */
  open(url: string): Promise<void>
  end(): Promise<void>
}

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe']

/** One page of a browser of its own, which `end` closes. */
export const openPage = async (program: string): Promise<Page> => {
  const profile = await mkdtemp(join(tmpdir(), 'report-'))
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const gone = once(browser, 'exit')
  const wire = wireOf(browser, gone)
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true })
  const send: Page['send'] = (method, params) => wire.send(method, params, sessionId)
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`)
  return {
    send,
    events: wire.events,
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true })
      return typeof result === 'object' && result && 'value' in result ? result.value : undefined
    },
    async open(url) {
      const loaded = wire.next('Page.loadEventFired')
      await send('Page.navigate', { url })
      await loaded
    },
    async end() {
      browser.kill()
      await gone
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Message = {
  id?: number
  method?: string
  params?: Fields
  result?: Fields
  error?: { message: string }
}

/** Commands and their responses, as JSON, each followed by NUL. */
const wireOf = ({ stdio: [, , , to, from] }: ChildProcess, gone: Promise<unknown>) => {
  if (!(to instanceof Writable && from instanceof Readable)) throw new Error('There is no pipe.')
  const died = gone.then(() => Promise.reject(new Error('The browser has gone.')))
  died.catch(() => {})
  const answers = new Map<number, (message: Message) => void>()
  const seen: Message[] = []
  const awaited = new Map<string, () => void>()
  readMessages(from, (message) => {
    if (message.id !== undefined) return answers.get(message.id)?.(message)
    seen.push(message)
    awaited.get(message.method ?? '')?.()
  })
  let last = 0
  return {
    async send(method: string, params: Fields = {}, sessionId?: unknown): Promise<Fields> {
      const id = ++last
      const { promise, resolve } = Promise.withResolvers<Message>()
      answers.set(id, resolve)
      to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      const { result = {}, error } = await Promise.race([promise, died])
      if (error) throw new Error(`${method}: ${error.message}`)
      return result
    },
    next: (method: string) =>
      Promise.race([new Promise<void>((resolve) => awaited.set(method, resolve)), died]),
    events: (method: string): Fields[] =>
      seen.filter((message) => message.method === method).map(({ params = {} }) => params),
  }
}

const readMessages = (from: Readable, receive: (message: Message) => void): void => {
  let rest = ''
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0')
    rest = texts.pop() ?? ''
    for (const text of texts) receive(JSON.parse(text))
  })
}

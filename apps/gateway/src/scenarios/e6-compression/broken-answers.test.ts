import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import {
  asking,
  everything,
  json,
  responseOf,
  startCompressing,
} from '../../../test/coded-answers.ts'
import type { Behaviour } from '../../../test/gateway-alone.ts'

/** Longer than any compressor looks back, so that nobody finds it again. */
const noise = randomBytes(8_000_000)

/** A product service that sends as much as it can get rid of. */
class Flood {
  readonly size = 8 * noise.length
  written = 0
  #response: ServerResponse | undefined

  readonly behave: Behaviour = ({ path }, response) => {
    if (path !== '/products') return response.end('{}')
    this.#response = response
    response.writeHead(200, { ...json, 'content-length': `${this.size}` })
    response.on('drain', () => this.#write(response))
    return this.#write(response)
  }

  #write(response: ServerResponse): void {
    while (this.written < this.size) {
      this.written += noise.length
      if (!response.write(noise)) return
    }
    response.end()
  }

  /** Or done. */
  async isHeldBack(): Promise<void> {
    for (let seen = 0; seen < this.written; await sleep(200)) seen = this.written
  }

  async isClosed(): Promise<void> {
    if (this.#response && !this.#response.closed) await once(this.#response, 'close')
  }

  breakOff(): void {
    this.#response?.socket?.destroy()
  }
}

/** Announces more than nothing, and is gone. */
const vanishing: Behaviour = ({ drop }, response) => {
  response.writeHead(200, { ...json, 'content-length': '8000' }).flushHeaders()
  setImmediate(drop)
}

const outcomeOf = (url: string, headers: Record<string, string>): Promise<string | undefined> =>
  responseOf(url, headers).then(
    async (response) => {
      const coding = response.headers['content-encoding'] ?? 'plain'
      return `${response.statusCode} ${coding} ${await buffer(response)}`
    },
    (error: NodeJS.ErrnoException) => error.code,
  )

for (const variant of eachVariant('E6')) {
  for (const headers of [{}, asking(everything)]) {
    const to = `to ${JSON.stringify(headers)}`

    t.test(`${variant}: an answer that breaks off breaks the connection, ${to}`, async (t) => {
      const flood = new Flood()
      const { url } = await startCompressing(t, variant, flood.behave)
      const response = await responseOf(`${url}/products`, headers)
      t.equal(response.statusCode, 200)
      flood.breakOff()
      await t.rejects(buffer(response), { code: 'ECONNRESET' })
    })

    t.test(`${variant}: one that never begins is an error in plain bytes, ${to}`, async (t) => {
      const { url } = await startCompressing(t, variant, vanishing)
      const outcome = await outcomeOf(`${url}/products`, headers)
      t.match(outcome, /^50\d plain \{"error":.*\}$/)
    })
  }

  t.test(`${variant}: of an answer that nobody reads little is held`, async (t) => {
    const flood = new Flood()
    const { url } = await startCompressing(t, variant, flood.behave)
    const response = await responseOf(`${url}/products`, asking(everything))
    await flood.isHeldBack()
    t.ok(flood.written < flood.size / 2, `${flood.written} bytes of ${flood.size}`)
    response.destroy()
    await flood.isClosed()
    t.ok(flood.written < flood.size / 2, 'and when its reader goes away nothing more is asked for')
  })
}

t.test('a kept answer that never begins is an error in plain bytes', async (t) => {
  const kept: Behaviour = ({ drop }, response) => {
    response.writeHead(200, { ...json, 'content-encoding': 'br', 'content-length': '8000' })
    response.flushHeaders()
    setImmediate(drop)
  }
  const { url } = await startCompressing(t, 'optimized', kept)
  t.match(await outcomeOf(`${url}/products`, asking('br')), /^50\d plain \{"error":.*\}$/)
})

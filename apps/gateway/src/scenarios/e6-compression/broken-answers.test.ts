import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import {
  asking,
  everything,
  json,
  responseOf,
  startCompressing,
} from '../../../test/coded-responses.ts'
import type { Behaviour } from '../../../test/gateway-alone.ts'

/** Sends the half of what it announced, and is gone. */
const breakingOff: Behaviour = ({ drop }, response) => {
  response.writeHead(200, { ...json, 'content-length': '200000' })
  response.write(randomBytes(100_000), () => setImmediate(drop))
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

    t.test(
      `${variant}: a response that breaks off is an error in plain bytes, ${to}`,
      async (t) => {
        const { url } = await startCompressing(t, variant, breakingOff)
        const outcome = await outcomeOf(`${url}/products`, headers)
        t.match(outcome, /^503 plain \{"error":.*\}$/)
      },
    )

    t.test(
      `${variant}: a response that never begins is an uncompressed error, ${to}`,
      async (t) => {
        const { url } = await startCompressing(t, variant, vanishing)
        const outcome = await outcomeOf(`${url}/products`, headers)
        t.match(outcome, /^50\d plain \{"error":.*\}$/)
      },
    )
  }
}

t.test('a cached response that never begins is an uncompressed error', async (t) => {
  const kept: Behaviour = ({ drop }, response) => {
    response.writeHead(200, { ...json, 'content-encoding': 'br', 'content-length': '8000' })
    response.flushHeaders()
    setImmediate(drop)
  }
  const { url } = await startCompressing(t, 'optimized', kept)
  t.match(await outcomeOf(`${url}/products`, asking('br')), /^50\d plain \{"error":.*\}$/)
})

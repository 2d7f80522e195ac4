import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A process that rejects every request, with as little work as a server in Node can do. */
export type Sink = { address: string; close(): Promise<void> }

const host = '127.0.0.1'

export const startSink = async (): Promise<Sink> => {
  const child = fork(import.meta.filename, { env: {} })
  const exited = once(child, 'exit')
  const [port] = await Promise.race([once(child, 'message'), exited.then(hasNotStarted)])
  return {
    address: `http://${host}:${port}`,
    async close() {
      child.kill()
      await exited
    },
  }
}

const hasNotStarted = (): never => {
  throw new Error('The process that only rejects requests has ended before it could listen.')
}

const body = JSON.stringify({ error: 'SERVICE_UNAVAILABLE', message: 'This server only rejects.' })

const reject = (): void => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(503, {
      'content-type': 'application/json',
      'content-length': body.length,
      'retry-after': '1',
    })
    response.end(body)
  })
  server.listen(0, host, () => process.send?.((server.address() as AddressInfo).port))
  process.on('disconnect', () => process.exit())
}

if (import.meta.main) reject()

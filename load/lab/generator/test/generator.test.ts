import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePorts } from '@flash-deal/local/ports'
import t, { type Test } from 'tap'
import { startGenerator } from '../generator.ts'
import type { Order } from '../protocol.ts'

/** A load that cannot be played is an error, and never an endless wait. */

const started = (t: Test) => {
  const generator = startGenerator()
  t.teardown(() => generator.end())
  return generator
}

const orderOf = (port: number, requests: number, filler = ''): Order => ({
  ...{ port, connections: 2, durationMs: 60_000, requests },
  templates: [{ wire: `GET / HTTP/1.1\r\nhost: test${filler}\r\n\r\n`, status: 200 }],
})

/** More than a pipe holds, so that the write is under way when the generator ends. */
const large = 'x'.repeat(4_000_000)

/** A server that sends no response until `serve` is called. */
const silentServer = async (t: Test) => {
  const held = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    void held.promise.then(() => response.end('right'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an address of this kind.
  return { server, port: (server.address() as AddressInfo).port, serve: held.resolve }
}

t.test('a port without a server rejects that load and no other', async (t) => {
  const generator = started(t)
  const [closed = 0] = await freePorts(1)
  const { server, port, serve } = await silentServer(t)
  const other = generator.run(orderOf(port, 10))
  await once(server, 'request')
  await t.rejects(generator.run(orderOf(closed, 1)), /could not play a load: .*ECONNREFUSED/)
  serve()
  t.match(await other, { completed: 10 })
})

t.test('the end of the generator rejects the load under way and later ones', async (t) => {
  const generator = started(t)
  const { server, port } = await silentServer(t)
  const rejected = (order: Order) => t.rejects(generator.run(order), /has ended/)
  const underWay = rejected(orderOf(port, 1))
  await once(server, 'request')
  process.kill(generator.pid, 'SIGKILL')
  // Its input is closed, which must not be an uncaught error.
  await Promise.all([underWay, rejected(orderOf(port, 1, large)), rejected(orderOf(port, 1))])
  await rejected(orderOf(port, 1))
})

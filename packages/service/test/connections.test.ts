import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { appWith } from './app-with.ts'
import { get, isClosed, rawClients, readUntil } from './raw-client.ts'

/** More than the buffers of the kernel hold. */
const page = Buffer.alloc(32_000_000, 'x')

/** Never resolves. */
const silence = new Promise<string>(() => {})

const routes = (app: FastifyInstance): void => {
  app.get('/page', async () => page)
  app.get('/hello', async () => 'hello')
  app.get('/silence', () => silence)
}

const start = async (t: Test, settings: Record<string, string>, before = routes) => {
  const { app } = await appWith(t, { settings, before })
  return { app, open: await rawClients(t, app) }
}

const closedFor = async (app: FastifyInstance): Promise<Record<string, number>> => {
  const line = /^connections_closed_total\{reason="(\w+)"\} ([1-9]\d*)$/gm
  const found = (await app.metrics.metrics()).matchAll(line)
  return Object.fromEntries(Array.from(found, ([, reason, count]) => [reason, Number(count)]))
}

t.test('a client that reads nothing is disconnected, and no other', async (t) => {
  const settings = { CLIENT_WRITE_TIMEOUT_MS: '200', UNREAD_LIMIT_BYTES: '1000000000' }
  const { app, open } = await start(t, settings)
  const slow = []
  for (let count = 0; count < 20; count++) slow.push(await open())
  for (const { client } of slow) client.write(get('/page'))
  const reader = await open()
  reader.client.write(get('/hello'))
  t.match(await readUntil(reader.client, 'hello'), 'HTTP/1.1 200')
  await Promise.all(slow.map(({ server }) => isClosed(server)))
  t.strictSame(await closedFor(app), { unread: 20 })
  reader.client.write(get('/hello'))
  t.match(await readUntil(reader.client, 'hello'), 'HTTP/1.1 200')
})

t.test('a client that reads nothing and goes on sending is disconnected', async (t) => {
  const { app, open } = await start(t, { CLIENT_WRITE_TIMEOUT_MS: '200' })
  for (const request of [get('/hello'), 'G']) {
    const { client, server } = await open()
    client.write(get('/page'))
    while (!server.destroyed) {
      client.write(request)
      await sleep(20)
    }
  }
  t.strictSame(await closedFor(app), { unread: 2 })
})

t.test('bytes that are not HTTP, in many parts, are refused once', async (t) => {
  const { open } = await start(t, {})
  const warnings = t.capture(process, 'emitWarning')
  const { client, server } = await open()
  client.setNoDelay().write(get('/silence'))
  for (let count = 0; count < 20; count += 1) {
    client.write('G')
    while (server.bytesRead < get('/silence').length + count + 1) await sleep(5)
  }
  t.equal(warnings().length, 0)
})

t.test('a client that reads slowly and steadily gets the whole response', async (t) => {
  const { app, open } = await start(t, { CLIENT_WRITE_TIMEOUT_MS: '1000' })
  const { client } = await open()
  client.write(get('/page'))
  let read = 0
  let pauseAt = 0
  for await (const part of client) {
    read += part.length
    if (read >= page.length) break
    if (read > pauseAt) await sleep(80)
    if (read > pauseAt) pauseAt = read + 1_000_000
  }
  t.ok(read >= page.length)
  t.strictSame(await closedFor(app), {})
})

t.test('keep-alive works after a response to a slow reader', async (t) => {
  const { open } = await start(t, { CLIENT_WRITE_TIMEOUT_MS: '1000' })
  const { client, server } = await open()
  client.write(get('/page'))
  while (server.timeout !== 1_000) await sleep(20)
  client.write(get('/hello'))
  let read = 0
  for await (const part of client.iterator({ destroyOnReturn: false })) {
    read += part.length
    if (read > page.length) break
  }
  while (server.timeout === 1_000) await nextTurn()
  client.write(get('/hello'))
  t.match(await readUntil(client, 'hello'), 'HTTP/1.1 200')
})

t.test(
  'beyond the total, the connection with the oldest unread bytes is closed first',
  async (t) => {
    const settings = { CLIENT_WRITE_TIMEOUT_MS: '600000', UNREAD_LIMIT_BYTES: '48000000' }
    const { app, open } = await start(t, settings)
    const [first, second] = [await open(), await open()]
    first.client.write(get('/page'))
    while (first.server.timeout !== 600_000) await sleep(20)
    second.client.write(get('/page'))
    await isClosed(first.server)
    t.notOk(second.server.destroyed)
    t.strictSame(await closedFor(app), { unread_total: 1 })
  },
)

t.test('pipelined requests are processed one at a time, in order', async (t) => {
  let running = 0
  let most = 0
  const { app, open } = await start(t, {}, (scope) => {
    scope.get('/number/:n', async ({ params }) => {
      running += 1
      most = Math.max(most, running)
      await nextTurn()
      running -= 1
      return JSON.stringify(params)
    })
  })
  const { client } = await open()
  const numbers = Array.from({ length: 200 }, (_, n) => `${n}`)
  client.write(numbers.map((n) => get(`/number/${n}`)).join(''))
  const received = await readUntil(client, '{"n":', 200)
  t.strictSame(
    Array.from(received.matchAll(/"n":"(\d+)"/g), ([, n]) => n),
    numbers,
  )
  t.equal(most, 1)
  t.strictSame(await closedFor(app), {})
})

t.test('pipelined requests each get their own body', async (t) => {
  const { open } = await start(t, {}, (scope) => {
    scope.post('/echo', async ({ body }) => body)
  })
  const { client } = await open()
  const bodies = Array.from({ length: 40 }, (_, n) =>
    JSON.stringify({ n, text: 'y'.repeat(20_000) }),
  )
  const head = 'POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n'
  for (const body of bodies) client.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
  const received = await readUntil(client, '"}', 40)
  t.strictSame(received.match(/\{"n":.*?"\}/g), bodies)
})

t.test('a connection with too many waiting requests is closed; others stay open', async (t) => {
  const { app, open } = await start(t, {})
  const { client, server } = await open()
  client.write(get('/silence') + get('/hello').repeat(1_000))
  await isClosed(server)
  t.strictSame(await closedFor(app), { pipelined: 1 })
  const other = await open()
  other.client.write(get('/hello'))
  t.match(await readUntil(other.client, 'hello'), 'HTTP/1.1 200')
})

t.test('pipelined requests on a closed connection are not started', async (t) => {
  let begun = 0
  const { open } = await start(t, {}, (scope) => {
    scope.get('/count', async (_, reply) => {
      begun += 1
      if (begun === 2) reply.header('connection', 'close')
      return 'counted'
    })
  })
  const { client } = await open()
  client.write(get('/count').repeat(20))
  client.resume()
  await isClosed(client)
  t.equal(begun, 2)
})

t.test('the limit of connections of one address does not affect others', async (t) => {
  const { app, open } = await start(t, { CONNECTIONS_PER_ADDRESS: '3' })
  const first = [await open(), await open(), await open()] as const
  await isClosed((await open()).client.resume())
  const other = await open('127.0.0.2')
  other.client.write(get('/hello'))
  t.match(await readUntil(other.client, 'hello'), 'HTTP/1.1 200')
  t.strictSame(await closedFor(app), { address: 1 })
  first[0].client.destroy()
  await isClosed(first[0].server)
  const again = await open()
  again.client.write(get('/hello'))
  t.match(await readUntil(again.client, 'hello'), 'HTTP/1.1 200', 'a place that is free again')
})

t.test('the number of connections of all clients is limited', async (t) => {
  const { app, open } = await start(t, { CONNECTIONS_MAX: '10' })
  for (let count = 0; count < 10; count++) await open()
  const dropped = new Promise((resolve) => app.server.once('drop', resolve))
  open().catch(() => {})
  await dropped
  t.strictSame(await closedFor(app), { total: 1 })
})

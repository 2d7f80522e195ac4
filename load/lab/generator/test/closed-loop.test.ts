import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { sizeOf } from '../../stats/histogram.ts'
import { runClosedLoop } from '../closed-loop.ts'
import { freshId, type Template } from '../protocol.ts'

/** What the generator sends, counts and refuses to count. */

const serve = async (t: Test, listener: RequestListener): Promise<number> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port
}

const get = (path: string, body?: string): Template => ({
  wire: `GET ${path} HTTP/1.1\r\nhost: test\r\n\r\n`,
  status: 200,
  ...(body !== undefined && { digest: createHash('sha256').update(body).digest('hex') }),
})

const load = (port: number, templates: Template[], connections = 4) =>
  runClosedLoop({ port, connections, durationMs: 200, templates })

t.test('every response is counted and measured', async (t) => {
  let served = 0
  const port = await serve(t, (_, response) => {
    served += 1
    response.end('right')
  })
  const outcome = await load(port, [get('/', 'right')])
  t.equal(outcome.requests, served)
  t.match(outcome, { completed: served, wrongBodies: 0, errors: {}, statuses: { 200: served } })
  t.equal(sizeOf(outcome.latency.histogram), served)
  t.ok(outcome.latency.meanMs > 0 && outcome.elapsedMs >= 200)
})

t.test('each connection has its own address and one request in flight', async (t) => {
  const underWay = new Map<string, number>()
  let most = 0
  const port = await serve(t, (request, response) => {
    const from = `${request.socket.remoteAddress} ${request.socket.remotePort}`
    underWay.set(from, (underWay.get(from) ?? 0) + 1)
    most = Math.max(most, underWay.get(from) ?? 0)
    setTimeout(() => {
      underWay.set(from, (underWay.get(from) ?? 0) - 1)
      response.end('right')
    }, 2)
  })
  await load(port, [get('/')], 8)
  t.equal(underWay.size, 8)
  t.equal(most, 1)
  const addresses = new Set([...underWay.keys()].map((from) => from.split(' ')[0]))
  t.equal(addresses.size, process.platform === 'linux' ? 8 : 1)
})

t.test('templates are sent in turn', async (t) => {
  const seen = new Map<string, number>()
  const port = await serve(t, ({ url = '' }, response) => {
    seen.set(url, (seen.get(url) ?? 0) + 1)
    response.end(url)
  })
  const outcome = await load(port, [get('/a', '/a'), get('/b', '/b'), get('/c', '/c')])
  t.equal(outcome.completed, outcome.requests)
  t.strictSame([...seen.keys()].sort(), ['/a', '/b', '/c'])
})

t.test('every request has another fresh id', async (t) => {
  const seen = new Map<string, number>()
  const port = await serve(t, ({ url = '' }, response) => {
    for (const id of url.slice(1).split('/')) seen.set(id, (seen.get(id) ?? 0) + 1)
    response.end('right')
  })
  const outcome = await load(port, [get(`/${freshId}/${freshId}`)])
  t.equal(seen.size, 2 * outcome.requests)
  t.ok([...seen.keys()].every((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)))
})

t.test('a body that varies must contain the expected string', async (t) => {
  let number = 0
  const port = await serve(t, (_, response) => response.end(number++ % 2 ? 'granted 1' : 'refused'))
  const outcome = await load(port, [{ ...get('/'), contains: 'granted' }], 1)
  t.ok(Math.abs(outcome.completed - outcome.wrongBodies) <= 1)
  t.equal(outcome.completed + outcome.wrongBodies, outcome.requests)
})

t.test('a chunked response is read completely', async (t) => {
  const body = `1\r\n0\r\n\r\n${'x'.repeat(5_000)}`
  const port = await serve(t, (_, response) => {
    response.write(body.slice(0, 7))
    setTimeout(() => response.end(body.slice(7)), 2)
  })
  const outcome = await load(port, [get('/', body)], 2)
  t.ok(outcome.completed > 1)
  t.equal(outcome.completed, outcome.requests)
})

t.test('a response with another status, body or length is not completed work', async (t) => {
  const failing = await serve(t, (_, response) =>
    response.writeHead(503, { 'content-length': 2 }).end('no'),
  )
  const failed = await load(failing, [get('/', 'right')])
  t.match(failed, { completed: 0, statuses: { 503: failed.requests } })

  const wrong = await serve(t, (_, response) => response.end('wrong'))
  const mistaken = await load(wrong, [get('/', 'right')])
  t.match(mistaken, { completed: 0, wrongBodies: mistaken.requests })

  let number = 0
  const longer = await serve(t, (_, response) => response.end(number++ % 2 ? 'right!' : 'right'))
  const half = await load(longer, [get('/', 'right')], 1)
  t.ok(half.wrongBodies > 0 && half.completed > 0)
})

t.test('a changed body of the same length is detected', async (t) => {
  let number = 0
  const port = await serve(t, (_, response) => response.end(number++ < 10 ? 'right' : 'wrong'))
  t.ok((await load(port, [get('/', 'right')], 1)).wrongBodies > 0)
})

t.test('a closed connection is an error', async (t) => {
  const port = await serve(t, (request) => request.socket.destroy())
  t.match((await load(port, [get('/')])).errors, { 'a closed connection': 4 })
})

t.test('a response without a length is an error, not a crash', async (t) => {
  const port = await serve(t, (_, response) => {
    response.socket?.end('HTTP/1.1 200 OK\r\n\r\nsomething')
  })
  t.match((await load(port, [get('/')])).errors, { 'a malformed response': 4 })
})

t.test('a response that arrives in pieces is one response', async (t) => {
  const port = await serve(t, (_, response) => {
    response.setHeader('content-length', 8)
    response.write('in ')
    setTimeout(() => response.end('parts'), 3)
  })
  const outcome = await load(port, [get('/', 'in parts')], 2)
  t.ok(outcome.completed > 1)
  t.equal(outcome.completed, outcome.requests)
})

const coders = { br: brotliCompressSync, gzip: gzipSync, zstd: zstdCompressSync }

for (const [coding, code] of Object.entries(coders)) {
  const head = { 'content-encoding': coding }

  t.test(
    `a response in ${coding} is right if the decoded body is, with a length or chunked`,
    async (t) => {
      const body = 'Light and quiet. '.repeat(500)
      const bytes = code(body)
      let number = 0
      const port = await serve(t, (_, response) => {
        response.writeHead(200, head)
        if (number++ % 2) response.write(bytes.subarray(0, 9))
        response.end(number % 2 ? bytes : bytes.subarray(9))
      })
      for (const template of [get('/', body), { ...get('/'), contains: 'quiet' }]) {
        const outcome = await load(port, [template], 1)
        t.ok(outcome.completed > 1)
        t.equal(outcome.completed, outcome.requests)
        t.equal(
          Math.round(outcome.bytesIn / outcome.requests) < body.length / 2,
          true,
          'on the wire',
        )
      }
    },
  )

  t.test(
    `a response in ${coding} is wrong if it should not be encoded or is malformed`,
    async (t) => {
      for (const bytes of [code('wrong'), Buffer.from('right'), code('right').subarray(0, -3)]) {
        const port = await serve(t, (_, response) => response.writeHead(200, head).end(bytes))
        const outcome = await load(port, [get('/', 'right')], 1)
        t.match(outcome, { completed: 0, wrongBodies: outcome.requests })
      }
    },
  )
}

t.test('an unknown coding is wrong', async (t) => {
  const port = await serve(t, (_, response) =>
    response.writeHead(200, { 'content-encoding': 'compress' }).end('right'),
  )
  const outcome = await load(port, [get('/', 'right')], 1)
  t.match(outcome, { completed: 0, wrongBodies: outcome.requests })
})

t.test('exactly the given number of requests is sent, also to a fast server', async (t) => {
  for (const delayMs of [0, 3]) {
    let served = 0
    const port = await serve(t, (_, response) => {
      served += 1
      setTimeout(() => response.end('right'), delayMs)
    })
    const order = {
      port,
      connections: 7,
      durationMs: 60_000,
      requests: 100,
      templates: [get('/')],
    }
    const { requests, errors } = await runClosedLoop(order)
    t.strictSame([requests, served, errors], [100, 100, {}])
  }
})

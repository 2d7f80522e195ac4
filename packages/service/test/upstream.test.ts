import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { documents, type OrderOperations, type ProductOperations } from '@flash-deal/contracts'
import { NotStarted } from '@flash-deal/errors'
import { Deadline, Upstream } from '@flash-deal/service'
import t, { type Test } from 'tap'

const orderId = 'c4a1e8d2-5b36-4f97-8a0e-9d7c3b2f1e64'
const resolved = { results: [{ order_id: orderId, outcome: 'confirmed' }] }

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

const answering =
  (status: number, body: string): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)

/** Starts a server for this test; returns its address. */
const serve = async (t: Test, answer: Answer): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const upstreamTo = (t: Test, ...urls: string[]) => {
  const upstream = new Upstream<OrderOperations>({
    name: 'order',
    urls,
    internalKey: 'a key',
    document: documents.order,
  })
  t.teardown(() => upstream.close())
  return upstream
}

const productAt = (t: Test, url: string) => {
  const upstream = new Upstream<ProductOperations>({
    name: 'product',
    urls: [url],
    internalKey: 'a key',
    document: documents.product,
  })
  t.teardown(() => upstream.close())
  return upstream
}

const call = (upstream: Upstream<OrderOperations>, deadline = Deadline.in(10_000)) =>
  upstream.call('resolveOrders', { body: { order_ids: [orderId] }, deadline, trace })

const trace = { 'x-request-id': 'a-request' }

const isUnavailable = {
  code: 'SERVICE_UNAVAILABLE',
  statusCode: 503,
  retryAfterS: 1,
  message: 'order cannot answer right now. Repeat after the time in Retry-After.',
}
const isLate = { code: 'DEADLINE_EXCEEDED', statusCode: 504 }

t.test('a call has the path of its operation, key, deadline, trace and body', async (t) => {
  const seen: unknown[] = []
  const url = await serve(t, async (request, response) => {
    const { method, url, headers } = request
    seen.push({ method, url, headers, body: JSON.parse(await text(request)) })
    response.end(JSON.stringify(resolved))
  })
  t.strictSame(await call(upstreamTo(t, url)), resolved)
  t.match(seen, [
    {
      method: 'POST',
      url: '/internal/orders/resolve',
      headers: {
        'x-internal-key': 'a key',
        'x-request-id': 'a-request',
        'x-deadline-ms': /^\d+$/,
      },
      body: { order_ids: [orderId] },
    },
  ])
})

t.test('a response that violates the contract is 503', async (t) => {
  for (const body of [
    '{}',
    '[]',
    'null',
    '{"results":[{"order_id":"x","outcome":"confirmed"}]}',
    `{"results":[{"order_id":"${orderId}","outcome":"perhaps"}]}`,
    `{"results":[{"order_id":"${orderId}"}]}`,
  ]) {
    const url = await serve(t, answering(200, body))
    await t.rejects(call(upstreamTo(t, url)), isUnavailable, body)
  }
})

t.test('a response with invalid or truncated JSON is 503', async (t) => {
  const html = await serve(t, answering(200, '<html>'))
  await t.rejects(call(upstreamTo(t, html)), isUnavailable)
  const half = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"results":')
    setImmediate(() => response.destroy())
  })
  await t.rejects(call(upstreamTo(t, half)), isUnavailable)
})

t.test('any status but 200 is 503, and its body is not forwarded', async (t) => {
  for (const status of [201, 302, 400, 401, 404, 409, 500, 503]) {
    const url = await serve(t, answering(status, JSON.stringify(resolved)))
    await t.rejects(call(upstreamTo(t, url)), isUnavailable, String(status))
  }
})

const line = { product_id: orderId, deal_id: orderId, quantity: 1, unit_price: 89_000 }
const longest = { ...line, product_name: '\u0001'.repeat(200) }
const granted = {
  ...{ order_id: orderId, outcome: 'granted', expires_at: '2026-11-27T03:00:30.000Z' },
  lines: Array(10).fill(longest),
}

t.test('the largest response of the contract is read, and no more than 2 MiB', async (t) => {
  const largest = JSON.stringify({ results: Array(100).fill(granted) })
  const reserve = async (body: string) =>
    productAt(t, await serve(t, answering(200, body))).call('createReservations', {
      body: { reservations: [] },
      deadline: Deadline.in(60_000),
      trace,
    })
  t.ok(JSON.stringify(await reserve(largest)) === largest)
  const tooLarge = largest + ' '.repeat(2_097_153 - largest.length)
  await t.rejects(reserve(tooLarge), {
    code: 'SERVICE_UNAVAILABLE',
    cause: { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' },
  })
})

t.test('the cause of any status but 200 is the status, whatever the body', async (t) => {
  const ports = new Set<unknown>()
  const html = `<html>${' '.repeat(100_000)}`
  const url = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort)
    response.writeHead(502).end(html)
  })
  const upstream = upstreamTo(t, url)
  const cause = { message: 'resolveOrders answered 502.' }
  for (let count = 0; count < 5; count += 1) {
    await t.rejects(call(upstream), { ...isUnavailable, cause })
    await nextTurn()
  }
  t.ok(ports.size < 5, `${ports.size} connections`)
})

t.test('an unavailable service is 503', async (t) => {
  await t.rejects(call(upstreamTo(t, 'http://127.0.0.1:1')), isUnavailable)
})

t.test('a connection that is reset is 503, and the call is not repeated', async (t) => {
  let calls = 0
  const url = await serve(t, (request) => {
    calls += 1
    request.socket.destroy()
  })
  await t.rejects(call(upstreamTo(t, url)), isUnavailable)
  t.equal(calls, 1)
})

t.test('no response within the deadline is 504', async (t) => {
  const url = await serve(t, () => {})
  await t.rejects(call(upstreamTo(t, url), Deadline.in(50)), isLate)
})

t.test('a response that does not end within the deadline is 504', async (t) => {
  const url = await serve(t, (_, response) => response.write('{"results":['))
  await t.rejects(call(upstreamTo(t, url), Deadline.in(50)), isLate)
})

t.test('after the deadline nothing is sent at all', async (t) => {
  let calls = 0
  const url = await serve(t, () => {
    calls += 1
  })
  await t.rejects(call(upstreamTo(t, url), Deadline.in(0)), isLate)
  t.equal(calls, 0)
})

t.test('a call whose deadline expires just before it is sent is NotStarted', async (t) => {
  let calls = 0
  const url = await serve(t, () => {
    calls += 1
  })
  const upstream = upstreamTo(t, url)
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  const answer = call(upstream, Deadline.in(100))
  // It has a place, and has not been sent yet.
  now += 100
  const error: unknown = await answer.catch((error) => error)
  t.ok(error instanceof NotStarted)
  t.match(error, isLate)
  t.equal(calls, 0)
})

t.test('several instances are called in turn', async (t) => {
  const asked: string[] = []
  const named = (name: string) =>
    serve(t, (_, response) => {
      asked.push(name)
      response.end(JSON.stringify(resolved))
    })
  const upstream = upstreamTo(t, await named('a'), await named('b'), await named('c'))
  for (let round = 0; round < 6; round += 1) await call(upstream)
  t.strictSame(asked.slice(0, 3).sort(), ['a', 'b', 'c'])
  t.strictSame(asked.slice(3), asked.slice(0, 3))
})

t.test('a ping succeeds where health is 200, and fails otherwise', async (t) => {
  const paths: unknown[] = []
  const up = await serve(t, ({ url }, response) => {
    paths.push(url)
    response.end('{}')
  })
  await t.resolves(upstreamTo(t, up).ping())
  t.strictSame(paths, ['/health'])
  await t.rejects(upstreamTo(t, await serve(t, answering(503, '{}'))).ping())
  await t.rejects(upstreamTo(t, 'http://127.0.0.1:1').ping())
})

t.test('only operations between services can be called', async (t) => {
  const upstream = upstreamTo(t, 'http://127.0.0.1:1')
  const publicCall = upstream.call('getOrder', {
    path: { order_id: orderId },
    body: undefined,
    deadline: Deadline.in(1_000),
    trace: {},
  })
  await t.rejects(publicCall, { message: 'order has no internal operation getOrder.' })
})

t.test(
  'calls beyond the queue are rejected before they are sent, and others succeed',
  async (t) => {
    const held: ServerResponse[] = []
    const asked = new Map<string, number>()
    const url = await serve(t, (request, response) => {
      const path = String(request.url)
      asked.set(path, (asked.get(path) ?? 0) + 1)
      if (path === '/internal/reservations') held.push(response)
      else response.end(`{"order_id":"${orderId}","state":"released"}`)
    })
    const upstream = productAt(t, url)
    const deadline = Deadline.in(60_000)
    const reserve = () =>
      upstream.call('createReservations', { body: { reservations: [] }, deadline, trace })
    const calls = Array.from({ length: 321 }, reserve)
    const error: unknown = await calls[320]?.catch((error: unknown) => error)
    t.ok(error instanceof NotStarted)
    t.match(error, { ...isUnavailable, message: /^product cannot answer/ })
    await upstream.call('releaseReservation', {
      path: { order_id: orderId },
      body: undefined,
      deadline,
      trace,
    })
    t.equal(asked.get('/internal/reservations'), 64, 'the maximum at a time')
    const isDone = { done: false }
    const all = Promise.all(calls.slice(0, 320)).then(() => {
      isDone.done = true
    })
    while (!isDone.done) {
      for (const response of held.splice(0)) response.end('{"results":[]}')
      await nextTurn()
    }
    await all
    t.equal(asked.get('/internal/reservations'), 320)
  },
)

t.test('a call that has waited for half of its time is not sent', async (t) => {
  let calls = 0
  const url = await serve(t, () => {
    calls += 1
  })
  const upstream = upstreamTo(t, url)
  const under = Array.from({ length: 64 }, () => call(upstream, Deadline.in(60_000)))
  for (const each of under) each.catch(() => {})
  const error: unknown = await call(upstream, Deadline.in(100)).catch((error) => error)
  t.ok(error instanceof NotStarted)
  t.ok(calls <= 64, 'it was not sent')
})

t.test('a call is aborted when its service closes', async (t) => {
  const [asked, stop] = [Promise.withResolvers<void>(), new AbortController()]
  const url = await serve(t, () => asked.resolve())
  const body = { order_ids: [orderId] }
  const deadline = Deadline.in(60_000)
  const stopping = stop.signal
  const answer = upstreamTo(t, url).call('resolveOrders', { body, deadline, trace, stopping })
  await asked.promise
  stop.abort()
  await t.rejects(answer, isUnavailable)
})

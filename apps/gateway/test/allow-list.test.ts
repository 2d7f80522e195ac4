import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { documents, type Operation, operationsOf, serviceNames } from '@flash-deal/contracts'
import type { Test } from 'tap'
import { callerAt, refuses } from './client.ts'
import { eachProxy, type Proxying, someToken, startObliging, user } from './gateway-alone.ts'

/** The following tests run for each way of proxying. */
const allowList = async (t: Test, proxy: Proxying): Promise<void> => {
  const { url, auth, product, order } = await startObliging(t, {}, proxy)
  const anybody = callerAt(url)
  const somebody = callerAt(url, someToken)

  /** The requests that have reached a service since the last call, without those to auth about tokens and keys. */
  const reached = (): string[] => {
    const all = [auth, product, order].flatMap(({ received }) => received.splice(0))
    return all.map(({ method, path }) => `${method} ${path}`).filter((call) => !ofTokens.has(call))
  }
  const ofTokens = new Set(['GET /auth/verify', 'GET /auth/.well-known/jwks.json'])

  /** Every path of the gateway → its methods. */
  const known = Map.groupBy(
    serviceNames.flatMap((name) => operationsOf(documents[name]).filter((each) => !each.internal)),
    ({ path }: Operation) => path,
  )
  const plain = (path: string): string => path.replaceAll(/\{\w+\}/g, user)

  t.test('operations of the contracts are forwarded unchanged', async (t) => {
    await somebody('GET /orders?page=2&size=3&status=confirmed')
    await anybody('GET /products/deals?x=%2F..%2F')
    await somebody(`POST /orders/${user}/cancel`, { body: { reason: 'no' } })
    t.strictSame(reached().sort(), [
      'GET /orders?page=2&size=3&status=confirmed',
      'GET /products/deals?x=%2F..%2F',
      `POST /orders/${user}/cancel`,
    ])
  })

  t.test('a body is passed on to the letter, with its type', async (t) => {
    order.received.splice(0)
    const body = '{ "items" : [ { "quantity": 1.0 } ], "é": "\\u0000" }'
    await somebody('POST /orders', { body })
    t.match(order.received, [{ body, headers: { 'content-type': 'application/json' } }])
    reached()
  })

  t.test('an unknown path is 404, with and without a token, for any method', async (t) => {
    const paths = ['/', '/nothing', '/order', '/orders/1/2/3', '/ORDERS', '/auth', '/auth/admin']
    for (const path of [
      ...paths,
      '/metrics',
      '/products/',
      '/orders/',
      '/products/1/price',
      '/health/live',
      '/docs2',
    ])
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])
        for (const caller of [anybody, somebody])
          refuses(t, await caller(`${method} ${path}`), 404, 'NOT_FOUND')
    t.strictSame(reached(), [])
  })

  t.test('nothing internal is there, with and without a token', async (t) => {
    const all = serviceNames.flatMap((name) => operationsOf(documents[name]))
    const internal = all.filter((each) => each.internal)
    t.ok(internal.length >= 4)
    const calls = internal.map(({ method, path }) => [method.toUpperCase(), plain(path)] as const)
    for (const caller of [anybody, somebody]) {
      refuses(t, await caller('GET /internal', { headers }), 404, 'NOT_FOUND')
      for (const [method, path] of calls)
        for (const prefix of ['', '/products', '/orders', '/auth'])
          refuses(t, await caller(`${method} ${prefix}${path}`, { headers }), 404, 'NOT_FOUND')
    }
    t.strictSame(reached(), [])
  })

  const headers = { 'x-internal-key': 'a guess' }

  t.test('a known path with another method is 405 with Allow', async (t) => {
    for (const [path, operations] of known) {
      const methods = operations.map(({ method }) => method.toUpperCase())
      const allow = new Set(
        methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)),
      )
      for (const method of ['DELETE', 'PUT', 'OPTIONS', 'POST', 'PATCH', 'GET']) {
        if (allow.has(method)) continue
        const answer = await anybody(`${method} ${plain(path)}`)
        refuses(t, answer, 405, 'METHOD_NOT_ALLOWED')
        const named = answer.headers.get('allow')?.split(', ')
        t.strictSame(named?.sort(), [...allow].sort(), `${method} ${path}`)
      }
    }
    t.strictSame(reached(), [])
  })

  t.test('HEAD is 405 where there is no GET, without a body', async (t) => {
    const others = [...known].filter(([, each]) => each.every(({ method }) => method !== 'get'))
    t.equal(others.length, 4)
    for (const [path] of others) {
      const answer = await anybody(`HEAD ${plain(path)}`)
      t.match(answer, { status: 405, text: '' }, path)
    }
    t.strictSame(reached(), [])
  })

  t.test('every GET has a HEAD without a body', async (t) => {
    for (const [path, operations] of known) {
      if (path.includes('health') || operations.every(({ method }) => method !== 'get')) continue
      const answer = await somebody(`HEAD ${plain(path)}`)
      t.equal(answer.status, 200, path)
      t.equal(answer.text, '')
    }
    for (const call of reached()) t.match(call, /^HEAD /)
  })

  /** The complete response to these raw bytes. */
  const answersFor = async (bytes: string): Promise<string> => {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(bytes)
    return text(socket)
  }

  const statusesFor = async (bytes: string): Promise<string[]> => {
    const answers = await answersFor(bytes)
    return [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = '']) => status)
  }

  const fields = `Host: shop\r\nAuthorization: Bearer ${someToken}\r\nConnection: close\r\n`

  t.test('an ambiguous path is 404', async (t) => {
    for (const path of [
      '/orders/../internal/orders/resolve',
      '/orders/..',
      '/./orders',
      '/orders/./x',
      '/orders/...',
      '/products/a..b',
      '/products/../orders',
      '/%2e%2e/orders',
      '/orders/%2e%2e/internal',
      '/orders/%2E%2E%2Finternal',
      '//orders',
      '/orders//',
      '//internal/orders/resolve',
      '/orders%2f..%2finternal',
      '/%6frders',
      '/%68ealth',
      '/health/%72eady',
      '/auth/%68ealth',
      '/%64ocs',
      'http://shop/health',
      '/orders\\..\\internal',
      '\\orders',
      '/orders;a=b',
      '/orders/..;/internal/orders/resolve',
      '/orders%00',
      '/orders%0d%0aX-A:b',
      '/orders%20',
      '/orders#/internal',
      '/orders/%',
      '/orders%3f/../internal',
      'http://shop/orders',
      'http://127.0.0.1:1/orders',
      'orders',
      '*',
    ]) {
      for (const method of ['GET', 'DELETE']) {
        const answers = await answersFor(`${method} ${path} HTTP/1.1\r\n${fields}\r\n`)
        t.match(answers, /^HTTP\/1\.1 40[04] /, path)
        t.match(answers, /\r\n\r\n\{"error":"(NOT_FOUND|MALFORMED_BODY)"/, path)
      }
    }
    t.strictSame(reached(), [])
  })

  // The README of H5 describes Envoy's behaviour.
  if (proxy.H5 !== 'envoy')
    t.test('CONNECT and protocol upgrades are rejected', async (t) => {
      for (const target of ['/orders', 'shop:80', '127.0.0.1:1', '*'])
        t.strictSame(await statusesFor(`CONNECT ${target} HTTP/1.1\r\n${fields}\r\n`), ['405'])
      t.strictSame(await statusesFor('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), ['400'])
      t.strictSame(reached(), [])
      const upgrade = 'Upgrade: websocket\r\nConnection: close, Upgrade\r\n'
      t.strictSame(await statusesFor(`GET /products HTTP/1.1\r\nHost: shop\r\n${upgrade}\r\n`), [
        '200',
      ])
      t.strictSame(reached(), ['GET /products'], 'is a request as any other')
    })

  t.test('an id cannot contain a path', async (t) => {
    for (const id of ['..', '.', '%2e%2e', '..%2fhealth', '%2fhealth', 'a%2fb', '..%5chealth']) {
      const [status = ''] = await statusesFor(`GET /products/${id} HTTP/1.1\r\n${fields}\r\n`)
      t.match(status, /^40[04]$/, id)
      const [nested = ''] = await statusesFor(`GET /orders/${id}/cancel HTTP/1.1\r\n${fields}\r\n`)
      t.match(nested, /^40[04]$/, id)
    }
    t.strictSame(reached(), [])
  })

  t.test('a request with an ambiguous end is rejected and its connection closed', async (t) => {
    const hidden = `GET /orders HTTP/1.1\r\n${fields}\r\n`
    const type = 'Content-Type: application/json\r\n'
    for (const lengths of [
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
      'Content-Length: 2\r\nContent-Length: 3\r\n',
      'Content-Length: 2\r\nContent-Length: 2\r\n',
      'Content-Length: 2, 3\r\n',
      'Content-Length: +2\r\n',
      'Content-Length: 0x2\r\n',
      'Content-Length : 2\r\n',
      'Transfer-Encoding: xchunked\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding:\x0bchunked\r\n',
    ]) {
      const head = `POST /auth/login HTTP/1.1\r\nHost: shop\r\n${type}${lengths}\r\n`
      const statuses = await statusesFor(`${head}0\r\n\r\n${hidden}`)
      t.strictSame(statuses, ['400'], JSON.stringify(lengths))
    }
    t.strictSame(reached(), [])
  })

  // The README of H5 describes Envoy's behaviour.
  if (proxy.H5 !== 'envoy')
    t.test('a line of a header cannot be folded or broken into another', async (t) => {
      for (const header of [
        'X-A: b\r\n c: d\r\n',
        'X-A: b\nX-User-Id: c\r\n',
        'X-A: b\rX-User-Id: c\r\n',
        'X-A\x00: b\r\n',
        'X A: b\r\n',
        ': b\r\n',
      ]) {
        const statuses = await statusesFor(`GET /orders HTTP/1.1\r\n${fields}${header}\r\n`)
        t.match(statuses, [/^400$/], JSON.stringify(header))
      }
      t.strictSame(reached(), [])
    })

  t.test(
    'a body of 10 MB is 413, with Content-Length or chunked, and is not forwarded',
    async (t) => {
      const large = Buffer.alloc(10_000_000, 'x').toString()
      const bodies = {
        'Content-Length: 10000000': large,
        'Transfer-Encoding: chunked': `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
      }
      for (const [length, body] of Object.entries(bodies)) {
        const head = `POST /auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n`
        t.equal(await firstStatusFor(`${head}${length}\r\n\r\n${body}`), '413', length)
      }
      t.strictSame(reached(), [])
    },
  )

  t.test('a request without a token is rejected before its body is read', async (t) => {
    const head = `POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n`
    t.equal(await firstStatusFor(`${head}Content-Length: 10000000\r\n\r\n`), '401')
    t.strictSame(reached(), [])
  })

  /** The server may close the connection while the client is still writing. */
  const firstStatusFor = async (bytes: string): Promise<string | undefined> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(bytes)
    const [answer] = await once(socket, 'data')
    socket.destroy()
    return /^HTTP\/1\.1 (\d+)/.exec(String(answer))?.[1]
  }
}

eachProxy('only operations of the contracts are forwarded', allowList)

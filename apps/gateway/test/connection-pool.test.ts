import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { callerAt } from './client.ts'
import { type Behaviour, fakeService, startObliging } from './gateway-alone.ts'

/** Echoes the request, so that every response shows which request it belongs to. */
const echo: Behaviour = ({ method, path, body }, response) => {
  if (path.startsWith('/products/slow')) return
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ asked: `${method} ${path}`, body }))
}

const shop = await fakeService(t, echo)
const urls = { PRODUCT_URLS: shop.url, ORDER_URLS: shop.url }
const { url } = await startObliging(t, { ...urls, DEADLINE_MS: '1000' })
const anybody = callerAt(url)

const open = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** The bytes received on a connection until it is closed or they contain `enough`. */
const answersOn = async (socket: Socket, enough: string): Promise<string> => {
  let received = ''
  for await (const part of socket) {
    received += String(part)
    if (received.includes(enough)) break
  }
  return received
}

let count = 0
const freshPath = (): string => {
  count += 1
  return `/products/own-${count}`
}

/** Several concurrent requests, so that every pooled connection is used. */
const othersGetTheirOwn = async (t: Test, after: string): Promise<void> => {
  const paths = Array.from({ length: 5 }, freshPath)
  const answers = await Promise.all(paths.map((path) => anybody(`GET ${path}`)))
  t.strictSame(
    answers.map(({ body }) => body?.asked),
    paths.map((path) => `GET ${path}`),
    `after ${after}`,
  )
}

/** The requests since the last call; asserts that the contracts declare all of them. */
const onlyListed = (t: Test, after: string): void => {
  const paths = shop.received.splice(0).map(({ method, path }) => `${method} ${path}`)
  const listed = /^(GET|HEAD) \/products(\/[\w-]+)?$|^POST \/orders$/
  t.strictSame(
    paths.filter((path) => !listed.test(path)),
    [],
    after,
  )
}

const head = 'Host: shop\r\nAuthorization: Bearer a.b.c\r\n'

for (const path of [
  '/products/../internal/orders/resolve',
  '/products/%2e%2e/internal',
  '//internal/orders/resolve',
  '/%6frders',
  '/products\\..\\internal',
  '/products;a=b',
  '/products%00',
  '/products/a..b',
  'http://shop/internal/orders/resolve',
  'http://shop/products',
])
  t.test(`after ${path} the connection and all others stay usable`, async (t) => {
    const socket = await open()
    const own = freshPath()
    socket.write(`GET ${path} HTTP/1.1\r\n${head}\r\nGET ${own} HTTP/1.1\r\n${head}\r\n`)
    const received = await answersOn(socket, '"asked"')
    const [refused, answered, ...more] = received.split(/(?=HTTP\/1\.1 \d)/)
    t.match(refused, /^HTTP\/1\.1 40[04] /)
    t.match(answered, /^HTTP\/1\.1 200 /)
    t.match(answered, `"asked":"GET ${own}"`)
    t.strictSame(more, [])
    await othersGetTheirOwn(t, path)
    onlyListed(t, path)
  })

const hidden = `GET /internal/orders/resolve HTTP/1.1\r\n${head}\r\n`
const type = 'Content-Type: application/json\r\n'
const smuggled = `POST /orders HTTP/1.1\r\n${head}${type}`

/** Requests whose end two parsers could see in different places. */
const doubtful = {
  'CL with TE': `${smuggled}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'TE with CL': `${smuggled}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
  'two CLs': `${smuggled}Content-Length: 2\r\nContent-Length: 90\r\n\r\n{}${hidden}`,
  'two TEs': `${smuggled}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
  'a chunk that is longer than it says': `${smuggled}Transfer-Encoding: chunked\r\n\r\n2\r\n{}${hidden}`,
  'a chunk of a negative size': `${smuggled}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n${hidden}`,
  'a line break alone in the head': `${smuggled}X: y\nContent-Length: 90\r\n\r\n${hidden}`,
}

for (const [what, bytes] of Object.entries(doubtful))
  t.test(`${what}: the connection is closed, and all others stay usable`, async (t) => {
    const socket = await open()
    socket.write(bytes)
    const received = await answersOn(socket, 'nothing is enough: the server hangs up')
    t.match(received, /^HTTP\/1\.1 400 /)
    t.equal(received.split(/HTTP\/1\.1 \d/).length, 2, 'one answer and no more')
    await othersGetTheirOwn(t, what)
    onlyListed(t, what)
  })

/** Complete requests that contain another request. */
const whole = {
  'a GET with a body': `GET /products HTTP/1.1\r\n${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'a GET with a body in chunks': `GET /products HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a HEAD with a body': `HEAD /products HTTP/1.1\r\n${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'a POST with a request as its body': `${smuggled}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'a POST in chunks': `${smuggled}Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
}

for (const [what, bytes] of Object.entries(whole))
  t.test(`${what} is exactly one request to the service`, async (t) => {
    const socket = await open()
    const own = freshPath()
    socket.write(`${bytes}GET ${own} HTTP/1.1\r\n${head}\r\n`)
    const received = await answersOn(socket, `"asked":"GET ${own}"`)
    t.equal(received.split(/HTTP\/1\.1 200 /).length, 3, received)
    t.match(shop.received, { length: 2 })
    await othersGetTheirOwn(t, what)
    onlyListed(t, what)
  })

t.test('a client that disconnects does not affect the next request', async (t) => {
  for (const bytes of [
    `GET /products/slow HTTP/1.1\r\n${head}\r\n`,
    `${smuggled}Content-Length: 900\r\n\r\n{"a":`,
    `${smuggled}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`,
  ]) {
    const socket = await open()
    socket.write(bytes)
    await anybody(`GET ${freshPath()}`)
    socket.destroy()
    await othersGetTheirOwn(t, bytes)
  }
  onlyListed(t, 'hanging up')
})

import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { appWith } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'
import { get, rawClients } from './raw-client.ts'

const document = documentOf({
  '/things': {
    get: operation({ operationId: 'listThings' }),
    post: operation({ operationId: 'createThing', requestBody: json(anything) }),
  },
})
const handlers = { listThings: async () => ({}), createThing: async () => ({ created: true }) }
const settings = { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' }

const { app, lines } = await appWith(t, { document, handlers, settings })
const connect = await rawClients(t, app)

/** The bytes received on a new connection until the service closes it. */
const answerTo = async (...parts: string[]): Promise<string> => {
  const { client } = await connect()
  for (const part of parts) client.write(part)
  return text(client)
}

const refuses = (t: Test, answer: string, status: number, code: string, hasId: boolean): void => {
  t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
  t.equal(answer.split('HTTP/1.1 ').length, 2, 'there is one response')
  const body = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
  t.equal(body.error, code)
  t.match(answer, /content-type: application\/json/i)
  t.match(answer, /connection: close/i)
  t.strictSame(Object.keys(body), ['error', 'message', ...(hasId ? ['request_id'] : [])])
}

const head = 'POST /things HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n'

const incompleteHeads = {
  nothing: '',
  'a part of the request line': 'GET /thi',
  'a request line': 'GET /things HTTP/1.1\r\n',
  'headers without an end': head,
}
for (const [title, bytes] of Object.entries(incompleteHeads)) {
  t.test(`a client that sends ${title} and stops gets 408`, async (t) => {
    refuses(t, await answerTo(bytes), 408, 'REQUEST_TIMEOUT', false)
  })
}

const incompleteBodies = {
  'no byte of its body': 'Content-Length: 2\r\n\r\n',
  'half of its body': 'Content-Length: 8\r\n\r\n{"a"',
  'one of its chunks': 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
}
for (const [title, bytes] of Object.entries(incompleteBodies)) {
  t.test(`a client that sends ${title} and stops gets 408 under the request's id`, async (t) => {
    lines.splice(0)
    refuses(t, await answerTo(head, bytes), 408, 'REQUEST_TIMEOUT', true)
    t.match(
      lines.filter(({ msg }) => msg === 'request completed'),
      [{ status: 408, operation: 'createThing' }],
    )
    t.strictSame(
      lines.filter(({ level }) => Number(level) > 30),
      [],
      'and nothing went wrong in the service',
    )
  })
}

t.test('a client that keeps sending single bytes gets 408 too', async (t) => {
  const { client } = await connect()
  client.write(`${head}Content-Length: 1000\r\n\r\n`)
  const trickle = setInterval(() => client.write('x'), 50)
  t.teardown(() => clearInterval(trickle))
  refuses(t, await text(client), 408, 'REQUEST_TIMEOUT', true)
})

t.test(
  'a second request that is incomplete gets 408 after the response to the first',
  async (t) => {
    for (const [second, hasId] of [
      ['GET /things HT', false],
      [`${head}Content-Length: 8\r\n\r\n{`, true],
    ] as const) {
      const answer = await answerTo(get('/things') + second)
      const [one = '', two = ''] = answer.split(/(?=HTTP\/1\.1 )/)
      t.match(one, /^HTTP\/1\.1 200 /)
      refuses(t, two, 408, 'REQUEST_TIMEOUT', hasId)
    }
  },
)

t.test('a request with a response before its body gets no second response', async (t) => {
  const answer = await answerTo(
    'DELETE /things HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\n',
  )
  t.match(answer, /^HTTP\/1\.1 405 /)
  t.equal(answer.split('HTTP/1.1 ').length, 2)
})

t.test('a connection that waits for its next request has more time', async (t) => {
  const { client } = await connect()
  client.write(get('/things'))
  await new Promise((resolve) => client.once('data', resolve))
  // Meanwhile another client exceeds its time.
  refuses(t, await answerTo('GET /things'), 408, 'REQUEST_TIMEOUT', false)
  client.write('GET /things HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n')
  t.match(await text(client), /^HTTP\/1\.1 200 /)
})

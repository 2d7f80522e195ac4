import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { appWith } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'

const string = { type: 'string' }

const { app } = await appWith(t, {
  document: documentOf({
    '/things': {
      get: operation({
        operationId: 'listThings',
        parameters: [{ name: 'kind', in: 'query', schema: string }],
      }),
      post: operation({
        operationId: 'createThing',
        parameters: [{ name: 'X-Mark', in: 'header', schema: string }],
        requestBody: { ...json(anything), required: false },
      }),
    },
    '/plain': { get: operation({ operationId: 'plain' }) },
  }),
  handlers: {
    listThings: async ({ query }: { query: unknown }) => ({ query }),
    createThing: async ({ headers, body }: { headers: object; body: unknown }) => ({
      mark: Reflect.get(headers, 'x-mark'),
      hasBody: body !== undefined,
    }),
    plain: async () => ({}),
  },
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })

type Sent = { method?: string; headers?: string[]; body?: string }

/** Sends a request with exactly these headers: alternating names and values. */
const send = async (path: string, { method = 'POST', headers = [], body = '' }: Sent = {}) => {
  const sent = request(`${url}${path}`, { method, headers: ['host', 'things', ...headers] })
  sent.end(body)
  const [response]: IncomingMessage[] = await once(sent, 'response')
  if (!response) throw new Error('There was no response.')
  return { status: response.statusCode, body: JSON.parse(await text(response)) }
}

t.test('a repeated header of the contract is 400; other headers may be repeated', async (t) => {
  t.match(await send('/things', { headers: ['x-mark', 'a'] }), { status: 200, body: { mark: 'a' } })
  const twice = await send('/things', { headers: ['x-mark', 'a', 'X-Mark', 'a'] })
  t.match(twice, { status: 400, body: { error: 'MALFORMED_BODY', message: /x-mark/ } })
  t.equal((await send('/things', { headers: ['x-other', 'a', 'x-other', 'b'] })).status, 200)
  t.equal(
    (await send('/plain', { method: 'GET', headers: ['x-mark', 'a', 'x-mark', 'b'] })).status,
    200,
  )
})

t.test('two content types are rejected', async (t) => {
  const headers = ['content-type', 'application/json', 'content-type', 'text/plain']
  const answer = await send('/things', { headers: [...headers, 'content-length', '2'], body: '{}' })
  t.match(answer, { status: 415, body: { error: 'UNSUPPORTED_MEDIA_TYPE' } })
})

t.test('a query that is not UTF-8 is 400 if the contract declares a parameter', async (t) => {
  for (const query of ['kind=%FF', 'other=%FF', '%', '%FF=1', 'kind=%e2%82'])
    t.match(await send(`/things?${query}`, { method: 'GET' }), {
      status: 400,
      body: { error: 'MALFORMED_BODY' },
    })
  t.equal((await send('/plain?x=%FF', { method: 'GET' })).status, 200)
  const right = await send('/things?kind=%e2%82%ac+%25', { method: 'GET' })
  t.strictSame(right, { status: 200, body: { query: { kind: '€ %' } } })
})

const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'garbage', '']

t.test(
  'an empty body counts as no body, with any type, with Content-Length or chunked',
  async (t) => {
    for (const framing of [[], ['content-length', '0'], ['transfer-encoding', 'chunked']]) {
      for (const type of types) {
        const headers = [...framing, ...(type === '' ? [] : ['content-type', type])]
        t.match(await send('/things', { headers }), { status: 200, body: { hasBody: false } }, type)
      }
    }
  },
)

t.test('a body of another type is 415, with Content-Length or chunked', async (t) => {
  for (const framing of [
    ['content-length', '2'],
    ['transfer-encoding', 'chunked'],
  ]) {
    for (const type of types.slice(1)) {
      const headers = [...framing, ...(type === '' ? [] : ['content-type', type])]
      t.match(await send('/things', { headers, body: '{}' }), { status: 415 }, type)
    }
  }
})

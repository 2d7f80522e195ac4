import { documents, operationsOf } from '@flash-deal/contracts'
import t from 'tap'
import { appWith, internalKey } from './app-with.ts'
import { documentOf, json, operation } from './document.ts'

const body = {
  type: 'object',
  required: ['name', 'count'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', maxLength: 5 },
    count: { type: 'integer', minimum: 1 },
    isNew: { type: 'boolean' },
    lines: { type: 'array', items: { type: 'object', properties: { size: { type: 'integer' } } } },
  },
}

const count = { type: 'integer', minimum: 1, maximum: 100, default: 20 }

const parameters = [
  { name: 'size', in: 'query', schema: count },
  { name: 'kind', in: 'query', schema: { type: 'string', enum: ['new', 'old'] } },
  { name: 'X-Mark', in: 'header', schema: { type: 'string', maxLength: 3 } },
]

const thingId = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }

const document = documentOf({
  '/things': {
    get: operation({ operationId: 'listThings', parameters }),
    post: operation({ operationId: 'createThing', requestBody: json(body) }),
  },
  '/things/{id}': {
    parameters: [thingId],
    post: operation({
      operationId: 'touchThing',
      requestBody: { ...json(body), required: false },
    }),
  },
})

type Seen = { query: unknown; params: unknown; body: unknown }

const handlers = {
  listThings: async ({ query }: Seen) => ({ query }),
  createThing: async ({ body }: Seen) => ({ body }),
  touchThing: async ({ params, body }: Seen) => ({ params, hasBody: body != null }),
}

const { app } = await appWith(t, { document, handlers })

const post = (url: string, payload: object | string) =>
  app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload })

t.test('a body arrives as it was sent', async (t) => {
  const sent = { name: 'a', count: 1, isNew: false, lines: [{ size: 1, more: [null] }] }
  const response = await post('/things', sent)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { body: sent })
})

t.test('a body is not coerced: text is not a number, a number is not text', async (t) => {
  for (const wrong of [
    { name: 'a', count: '1' },
    { name: 1, count: 1 },
    { name: 'a', count: 1, isNew: 'true' },
    { name: null, count: 1 },
    { name: 'a', count: 1.5 },
    { name: 'a', count: 1, lines: { size: 1 } },
  ]) {
    const response = await post('/things', wrong)
    t.equal(response.statusCode, 422, JSON.stringify(wrong))
    t.equal(response.json().error, 'VALIDATION_ERROR')
  }
})

t.test('an unknown field is rejected by name, not removed', async (t) => {
  const response = await post('/things', { name: 'a', count: 1, price: 3 })
  t.equal(response.statusCode, 422)
  t.match(response.json(), { error: 'VALIDATION_ERROR', details: { price: /additional/ } })
})

t.test('every invalid field is named, with a message', async (t) => {
  const response = await post('/things', { name: 'too long', lines: [{}, { size: 'x' }], more: 1 })
  t.equal(response.statusCode, 422)
  t.strictSame(response.json().details, {
    count: "must have required property 'count'",
    more: 'must NOT have additional properties',
    name: 'must NOT have more than 5 characters',
    'lines.1.size': 'must be integer',
  })
})

t.test('a body that is not an object is rejected', async (t) => {
  for (const sent of ['[]', '1', '"a"', 'null', 'true']) {
    const response = await post('/things', sent)
    t.equal(response.statusCode, 422, sent)
    t.strictSame(response.json().details, { body: 'must be object' })
  }
})

t.test('a missing required body is rejected', async (t) => {
  t.equal((await app.inject({ method: 'POST', url: '/things' })).statusCode, 422)
  t.equal((await post('/things', '')).statusCode, 422)
})

t.test('an empty body counts as no body if it is optional, with any type', async (t) => {
  for (const headers of [{}, { 'content-type': 'application/json' }]) {
    const response = await app.inject({ method: 'POST', url: '/things/7', headers })
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { params: { id: 7 }, hasBody: false })
  }
})

t.test('query and path are converted to the types of the contract, with defaults', async (t) => {
  t.strictSame((await app.inject('/things?size=5&kind=new')).json(), {
    query: { size: 5, kind: 'new' },
  })
  t.strictSame((await app.inject('/things')).json(), { query: { size: 20 } })
})

t.test('an invalid parameter is rejected by name with the allowed values', async (t) => {
  const header = await app.inject({ url: '/things', headers: { 'x-mark': 'long' } })
  t.equal(header.statusCode, 422)
  t.strictSame(header.json().details, { 'x-mark': 'must NOT have more than 3 characters' })
  const query = await app.inject('/things?size=101&kind=middle')
  t.equal(query.statusCode, 422)
  t.strictSame(query.json().details, {
    size: 'must be <= 100',
    kind: 'must be equal to one of the allowed values: new, old',
  })
  for (const size of ['x', '1.5', '', '1e999', '-1e999', 'Infinity', 'NaN'])
    t.equal((await app.inject(`/things?size=${size}`)).statusCode, 422, `size=${size}`)
  t.equal((await post('/things/x', {})).statusCode, 422)
})

t.test('a repeated parameter is rejected', async (t) => {
  const response = await app.inject('/things?size=1&size=2')
  t.equal(response.statusCode, 422)
  t.strictSame(response.json().details, { size: 'must be integer' })
})

t.test('NUL and half characters are rejected by name: PostgreSQL cannot store them', async (t) => {
  const contract = documents.product
  const ids = operationsOf(contract).map(({ operationId }) => operationId)
  const refuse = async () => t.fail('a text that cannot be stored was taken')
  const handlers = Object.fromEntries(
    ids.filter((id) => id !== 'health' && id !== 'ready').map((id) => [id, refuse]),
  )
  const { app } = await appWith(t, { document: contract, handlers })
  const headers = { 'x-internal-key': internalKey, 'x-user-id': userId }
  for (const text of ['a\u0000b', 'a\ud800', '\udc00b']) {
    const payload = { name: text, price: 1, stock: 1, description: text, category: text }
    const response = await app.inject({ method: 'POST', url: '/products', headers, payload })
    t.equal(response.statusCode, 422)
    t.strictSame(Object.keys(response.json().details).sort(), ['category', 'description', 'name'])
  }
  const response = await app.inject('/products?category=a%00b')
  t.equal(response.statusCode, 422)
  t.strictSame(Object.keys(response.json().details), ['category'])
})

const userId = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'

t.test('unusual field names are rejected like any other', async (t) => {
  for (const name of ['a\u0000b', '\ud800', '"', '\\', 'constructor', 'toString', '', '\n']) {
    const response = await post('/things', { name: 'a', count: 1, [name]: 1 })
    t.equal(response.statusCode, 422, JSON.stringify(name))
    t.equal(response.json().error, 'VALIDATION_ERROR')
    t.equal(Object.keys(response.json().details).length, 1)
  }
})

t.test('a deeply nested body is rejected like any other', async (t) => {
  const depth = 60_000
  for (const deep of [
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `{"name":"a","count":1,"lines":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ]) {
    t.equal((await post('/things', deep)).statusCode, 422)
  }
})

t.test('a body that would change a prototype is rejected as malformed', async (t) => {
  for (const evil of [
    '{"__proto__":{"isAdmin":true}}',
    '{"name":"a","count":1,"lines":[{"__proto__":null}]}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
    `${'{"__proto__":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ]) {
    const response = await post('/things', evil)
    t.equal(response.statusCode, 400, evil.slice(0, 40))
    t.equal(response.json().error, 'MALFORMED_BODY')
  }
  t.equal(Reflect.get({}, 'isAdmin'), undefined)
})

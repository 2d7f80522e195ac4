import { gzipSync } from 'node:zlib'
import type { Operation } from '@flash-deal/contracts'
import { storedIn } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { callOf, namesOf, publicOperations } from './public-operations.ts'
import { type RawRequest, sendRaw } from './raw-request.ts'
import { bodiesFor, idIn, openShop } from './shop.ts'
import { startSystem } from './system.ts'
import { allRefused } from './verdicts.ts'

const { url, database } = await startSystem(t)
const shop = await openShop(url)
const bodies = new Map<string, object>(Object.entries(bodiesFor(shop)))
const operations = publicOperations.filter(({ requestBody }) => requestBody)

/** A valid body of an operation, as JSON. */
const rightFor = ({ operationId }: Operation): string => JSON.stringify(bodies.get(operationId))

const who = ['authorization', `Bearer ${shop.owner.token}`, 'idempotency-key', 'hostile']
const json = ['content-type', 'application/json']

const send = (operation: Operation, { headers = json, ...raw }: RawRequest) =>
  sendRaw(url, callOf(operation, idIn(shop, operation.path)), {
    ...raw,
    headers: [...who, ...headers],
  })

t.test('this file covers every operation with a body', async (t) => {
  t.equal(operations.length, 9)
  t.strictSame(namesOf(operations).sort(), [...bodies.keys()].sort())
})

type Wrong = Record<string, RawRequest>

/** Sends invalid bodies to every operation; all are rejected, and nothing is stored. */
const refusesAll = async (
  t: Test,
  [status, code]: readonly [number, string],
  wrongOf: (right: string, operation: Operation) => Wrong,
): Promise<void> => {
  const before = await storedIn(database)
  for (const operation of operations) {
    const sent = Object.entries(wrongOf(rightFor(operation), operation)).map(
      async ([what, raw]) => ({ what, answer: await send(operation, raw), status, code }),
    )
    allRefused(t, operation, await Promise.all(sent))
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
}

const malformed = [400, 'MALFORMED_BODY'] as const
const invalid = [422, 'VALIDATION_ERROR'] as const
const tooLarge = [413, 'PAYLOAD_TOO_LARGE'] as const
const wrongType = [415, 'UNSUPPORTED_MEDIA_TYPE'] as const

const nested = (open: string, close: string, depth: number, inside = ''): string =>
  `${open.repeat(depth)}${inside}${close.repeat(depth)}`

/** A body with one field more or another time, which comes last. */
const ending = (right: string, field: string): string => `${right.slice(0, -1)},${field}}`

/** A body whose first string, or else the name of its first field, ends with these bytes. */
const textEnding = (right: string, bytes: Buffer | string): Buffer => {
  const [start = ''] = /^.*?:"[^"]*|^\{"\w+/.exec(right) ?? []
  return Buffer.concat([start, bytes, right.slice(start.length)].map((part) => Buffer.from(part)))
}

t.test('invalid JSON is 400', async (t) => {
  await refusesAll(t, malformed, (right) => ({
    'cut off by one': { body: right.slice(0, -1) },
    'cut in half': { body: right.slice(0, right.length / 2) },
    'two of them': { body: `${right}${right}` },
    'with a comma at its end': { body: `${right.slice(0, -1)},}` },
    'with a comment': { body: `${right}//` },
    'a form': { body: 'email=a&password=b' },
    'a word': { body: 'undefined' },
    'no number': { body: ending(right, '"a":NaN') },
    'NUL as it is': { body: textEnding(right, '\0') },
    'NUL at its end': { body: `${right}\0` },
    'brackets without their end': { body: '['.repeat(100_000) },
  }))
})

t.test('invalid UTF-8 is 400', async (t) => {
  await refusesAll(t, malformed, (right) => ({
    'a byte of Latin-1': { body: textEnding(right, Buffer.from([0xff])) },
    'half an emoji': { body: textEnding(right, Buffer.from([0xf0, 0x9f, 0x98])) },
    'a surrogate': { body: textEnding(right, Buffer.from([0xed, 0xa0, 0x80])) },
    'an overlong NUL': { body: textEnding(right, Buffer.from([0xc0, 0x80])) },
    'UTF-16': { body: Buffer.from(`\ufeff${right}`, 'utf16le') },
    'UTF-16 that says so': {
      body: Buffer.from(`\ufeff${right}`, 'utf16le'),
      headers: ['content-type', 'application/json; charset=utf-16'],
    },
  }))
})

t.test('a compressed body is 400', async (t) => {
  const gzip = [...json, 'content-encoding', 'gzip']
  await refusesAll(t, malformed, (right) => ({
    'a body': { body: gzipSync(right), headers: gzip },
    '10 MB in 10 KB': { body: gzipSync(Buffer.alloc(10_000_000, ' ')), headers: gzip },
    'a body that does not say so': { body: gzipSync(right) },
  }))
})

t.test('__proto__ and constructor in a body are 400', async (t) => {
  await refusesAll(t, malformed, (right) => ({
    'by name': { body: ending(right, '"__proto__":{"role":"admin"}') },
    'by an escaped name': { body: ending(right, '"\\u005f_proto__":{"role":"admin"}') },
    'by no object': { body: ending(right, '"__proto__":null') },
    'by its constructor': { body: ending(right, '"constructor":{"prototype":{"role":"admin"}}') },
    'deep inside': { body: ending(right, `"a":${nested('{"a":', '}', 100, '{"__proto__":{}}')}`) },
  }))
  t.equal(Reflect.get({}, 'role'), undefined)
})

t.test('JSON that is not an object is 422, at any depth', async (t) => {
  await refusesAll(t, invalid, (right, { requestBody }) => ({
    'a list': { body: '[]' },
    'a list of one': { body: `[${right}]` },
    'a text': { body: '"{}"' },
    'a number': { body: '1e400' },
    'a truth': { body: 'true' },
    '100,000 brackets': { body: nested('[', ']', 50_000) },
    '100,000 brackets in a field': { body: ending(right, `"a":${nested('[', ']', 50_000)}`) },
    'objects in objects': { body: nested('{"a":', '}', 20_000, '1') },
    'a byte order mark before a list': { body: '\ufeff[]' },
    null: { body: 'null' },
    // Optional bodies are omitted.
    ...(requestBody?.required && { nothing: { body: '' } }),
  }))
})

t.test('an error response is small for any number of errors', async (t) => {
  const fields = (count: number, name = 'f') =>
    Array.from({ length: count }, (_, index) => `"${name}${index}":{}`).join(',')
  await refusesAll(t, invalid, (right) => ({
    '10,000 unknown fields': { body: ending(right, fields(10_000)) },
    'unknown fields of long names': { body: ending(right, fields(30, 'x'.repeat(4_000))) },
    'unknown fields of escaped names': { body: ending(right, fields(100, '\\u0001'.repeat(200))) },
    'one unknown field of 100 KB': { body: ending(right, `"${'😀'.repeat(25_000)}":1`) },
    'every field a list of 1,000': {
      body: right.replaceAll(/:("[^"]*"|\d+)/g, `:[${Array(1_000).fill('{}').join(',')}]`),
    },
    ...(right.startsWith('{"items"') && {
      '43,000 items': { body: `{"items":[${Array(43_000).fill('{}').join(',')}]}` },
      '10 items of 1,000 unknown fields': {
        body: `{"items":[${Array(10)
          .fill(`{${fields(1_000)}}`)
          .join(',')}]}`,
      },
    }),
  }))
})

t.test('the last of two equal fields is validated', async (t) => {
  await refusesAll(t, invalid, (right) => {
    const [name = ''] = /"\w+"/.exec(right) ?? []
    return { 'a wrong one after a right one': { body: ending(right, `${name}:true`) } }
  })
})

t.test('a body of any type but application/json is 415', async (t) => {
  const types = [
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json garbage',
    'application/json\tgarbage',
    'application/json, text/plain',
    'application/jsonp',
    'application/vnd.api+json',
    'application/*',
    '*/*',
    ';application/json',
    'garbage',
  ]
  await refusesAll(t, wrongType, (body) => ({
    none: { body, headers: [] },
    ...Object.fromEntries(types.map((type) => [type, { body, headers: ['content-type', type] }])),
    'two types': {
      body,
      headers: ['content-type', 'text/plain', 'content-type', 'application/json'],
    },
    'two types, JSON first': {
      body,
      headers: ['content-type', 'application/json', 'content-type', 'text/plain'],
    },
  }))
})

t.test('an empty body counts as no body, with any content type', async (t) => {
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'garbage', 'application/json']
  const chunked = ['transfer-encoding', 'chunked']
  const empty = {
    'with no type': { headers: [] },
    'in chunks, with no type': { headers: chunked, chunked: true },
    ...Object.fromEntries(
      types.flatMap((type) => [
        [`with ${type}`, { headers: ['content-type', type] }],
        [`in chunks, with ${type}`, { headers: ['content-type', type, ...chunked], chunked: true }],
      ]),
    ),
  }
  for (const operation of operations.filter(({ requestBody }) => requestBody?.required)) {
    const trials = Object.entries(empty).map(async ([what, raw]) => {
      const answer = await send(operation, raw)
      return { what, answer, status: 422, code: 'VALIDATION_ERROR', field: 'body' }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
  for (const [what, raw] of Object.entries(empty)) {
    const item = { product_id: shop.product_id, quantity: 1 }
    const ordered = await shop.owner.call('POST /orders', { body: { items: [item] } })
    const cancelled = await sendRaw(url, `POST /orders/${ordered.body.id}/cancel`, {
      ...raw,
      headers: [...who.slice(0, 2), ...raw.headers],
    })
    t.match(cancelled, { status: 200, body: { status: 'cancelled', cancel_reason: null } }, what)
  }
})

t.test('no spelling of application/json gets a wrong body past the contract', async (t) => {
  const types = [
    ' application/json',
    '\tapplication/json',
    'application/json ',
    'Application/JSON',
    'application/json;',
    'application/json; charset=utf-16',
    'application/json; charset="',
    'application/json;text/plain',
  ]
  await refusesAll(t, invalid, () =>
    Object.fromEntries(
      types.map((type) => [type, { body: '[]', headers: ['content-type', type] }]),
    ),
  )
})

t.test('a body that is too large is 413 as early as possible', async (t) => {
  await refusesAll(t, tooLarge, (right) => ({
    '200,000 brackets': { body: nested('[', ']', 100_000) },
    '10 MB, announced': {
      headers: [...json, 'content-length', '10000000'],
      body: right,
      unfinished: true,
    },
    '10 MB, in chunks': {
      headers: [...json, 'transfer-encoding', 'chunked'],
      body: 'x'.repeat(200_000),
      unfinished: true,
    },
  }))
})

const createProduct = operations.filter(({ operationId }) => operationId === 'createProduct')

t.test('of two equal fields, the validated one is stored', async (t) => {
  for (const operation of createProduct) {
    const body = ending(
      rightFor(operation).replace('"name":', '"name":1,"a":'),
      '"name":"the last"',
    )
    const made = await send(operation, { body: body.replace(/"a":"[^"]*",/, '') })
    t.match(made, { status: 201, body: { name: 'the last' } })
  }
})

t.test('a byte order mark before a body is no part of it', async (t) => {
  for (const operation of createProduct) {
    const made = await send(operation, { body: `\ufeff${rightFor(operation)}` })
    t.equal(made.status, 201)
  }
})

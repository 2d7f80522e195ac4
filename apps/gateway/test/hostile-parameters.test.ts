import { METHODS } from 'node:http'
import type { Operation } from '@flash-deal/contracts'
import { storedIn } from '@flash-deal/testing'
import t from 'tap'
import { callOf, namesOf, publicOperations } from './public-operations.ts'
import { sendRaw } from './raw-request.ts'
import { bodiesFor, idIn, openShop } from './shop.ts'
import { startSystem } from './system.ts'
import { allRefused } from './verdicts.ts'

const { url, database } = await startSystem(t)
const shop = await openShop(url)
const bodies = new Map<string, object>(Object.entries(bodiesFor(shop)))
const { call } = shop.owner

const withParameters = (place: string): Operation[] =>
  publicOperations.filter(({ parameters }) => parameters.some((each) => each.in === place))

const withKey = publicOperations.filter(({ parameters }) =>
  parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key'),
)

const invalid = { status: 422, code: 'VALIDATION_ERROR' } as const
const id = shop.product_id

const noIds = [
  ...['1', '-1', '0', 'null', 'undefined', 'NaN', 'true', '-', '_', 'a.b', '~'],
  ...[id.slice(1), `${id}0`, `0${id}`, id.replaceAll('-', ''), id.replace('-', '_')],
  ...[`${id.slice(0, -1)}g`, `${id}.${id}`, id.replaceAll(/\w/g, 'z'), 'x'.repeat(8_000)],
]

/** Ids that make a path not plain. */
const noPaths = [
  ...['%00', `${id}%00`, `%7b${id}%7d`, `${id}%0a`, `${id};a=b`, "'%20or%20''='", '%ff', '%'],
  ...['*', "'", '$1', '...', `..${id}`, `${id}..`, `${id}..${id}`, `${id}%20`, `${id},${id}`],
]

t.test('an invalid id is rejected by name, for each operation with one', async (t) => {
  const operations = withParameters('path')
  t.equal(operations.length, 8, String(namesOf(operations)))
  const before = await storedIn(database)
  for (const operation of operations) {
    const body = bodies.get(operation.operationId)
    const field = operation.parameters.find((each) => each.in === 'path')?.name
    const trial = async (what: string) => ({
      what,
      answer: await call(callOf(operation, what), { body }),
    })
    const ids = await Promise.all(noIds.map(trial))
    const notes = await Promise.all(noPaths.map(trial))
    allRefused(t, operation, [
      ...ids.map((each) => ({ ...each, ...invalid, field })),
      ...notes.map((each) => ({ ...each, status: 404, code: 'NOT_FOUND' })),
    ])
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
})

const noNumbers = [
  ...['0', '-1', '1.5', '1e999', '-1e999', '2147483648', '9007199254740993', 'NaN', 'Infinity'],
  ...['', 'x', '1x', '%00', '1%00', 'null', 'true', '[1]', '%F0%9F%98%80'],
]

const cursor = 'AAZCmQh9T0ALf28OPFlPUppCbB0vjloQAAAAAAAU-IFxX52D'

/** Values that violate the schema of a parameter. */
const wrongValues: Record<string, string[]> = {
  page: noNumbers,
  size: [...noNumbers, '101', '1e9'],
  category: ['', '%00', 'a%00b', 'x'.repeat(51), 'x'.repeat(8_000)],
  // The last of them has the length of one, and is none.
  cursor: ['', 'x', '%00', cursor.slice(1), `${cursor}A`, `%2b${cursor.slice(1)}`, 'A'.repeat(48)],
  status: ['', 'x', 'ACTIVE', 'active,ended', "'", '%00', '1'],
  created_from: ['', 'soon', '1', '2026-01-01', '2026-13-01T00:00:00Z', '%00'],
  created_to: ['0000-01-01T00:00:00Z', '2016-12-31T23:59:60Z', '2026-01-01T00:00:00%2B24:00'],
}

const right: Record<string, string> = {
  page: '1',
  size: '20',
  category: 'Electronics',
  cursor,
  created_from: '2026-01-01T00:00:00Z',
  created_to: '2026-01-01T00:00:00Z',
}

t.test('an invalid or repeated parameter is rejected by name', async (t) => {
  const operations = withParameters('query')
  t.strictSame(namesOf(operations).sort(), ['listActiveDeals', 'listMyOrders', 'listProducts'])
  const before = await storedIn(database)
  for (const operation of operations) {
    const queries = operation.parameters.flatMap(({ name: field, schema }) => {
      const value = right[field] ?? String(Array.isArray(schema.enum) && schema.enum[0])
      const wrong = (wrongValues[field] ?? []).map((each) => `${field}=${each}`)
      t.ok(wrong.length > 0, field)
      return [...wrong, `${field}=${value}&${field}=${value}`].map((what) => ({ what, field }))
    })
    const trials = queries.map(async ({ what, field }) => {
      const answer = await call(`${callOf(operation)}?${what}`)
      return { what: what.slice(0, 80), field, answer, ...invalid }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
})

t.test('an undeclared parameter is ignored', async (t) => {
  const strange = ['x=1', '__proto__=1', 'constructor=1', 'page[]=0', 'page[gt]=0', 'toString=']
  for (const operation of withParameters('query')) {
    const plain = await call(callOf(operation))
    t.equal(plain.status, 200)
    for (const query of [...strange, '&&&', '?', '%00=1', 'user_id=1', 'owner=me']) {
      const answer = await call(`${callOf(operation)}?${query}`)
      t.equal(answer.text, plain.text, query)
    }
  }
})

/** Queries that are not UTF-8, in a declared or in another parameter. */
const malformed = [
  ...['category=%FF', 'category=%ff', 'category=a%C3', 'category=%C3%28', 'category=%ED%A0%80'],
  ...['category=%C0%80', 'category=%F4%90%80%80', 'category=%', 'category=%4', 'category=%zz'],
  ...['page=1&x=%FF', '%FF=1', '%=%', 'size=%81', 'created_from=%fe', 'page=1&%u0041=1'],
]

t.test('a query that is not UTF-8 is 400, as a body is', async (t) => {
  const operations = withParameters('query')
  for (const operation of operations) {
    const trials = malformed.map(async (what) => {
      const answer = await call(`${callOf(operation)}?${what}`)
      return { what, answer, status: 400, code: 'MALFORMED_BODY' }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
})

t.test('a UTF-8 query is decoded, with characters of every length', async (t) => {
  for (const category of ['é', '漢字', '🎧', 'a b', 'a+b', '100%']) {
    const name = `named ${category}`
    await call('POST /products', { body: { name, price: 1, stock: 1, category } })
    const found = await call(`GET /products?category=${encodeURIComponent(category)}`)
    t.match(found.body, { total: 1, items: [{ name, category }] })
  }
})

t.test('the last page that there can be is empty', async (t) => {
  for (const operation of withParameters('query')) {
    const answer = await call(`${callOf(operation)}?page=2147483647&size=100`)
    t.match(answer, { status: 200, body: { items: { length: 0 } } })
  }
})

t.test('an invalid key is rejected by name, and no stock is taken', async (t) => {
  t.strictSame(namesOf(withKey), ['createOrder'])
  const before = await storedIn(database)
  for (const operation of withKey) {
    const body = JSON.stringify(bodies.get(operation.operationId))
    const trials = ['', 'x'.repeat(256), 'a\tb', 'caf\xe9', '\x80'].map(async (key) => {
      const who = ['authorization', `Bearer ${shop.owner.token}`, 'idempotency-key', key]
      const headers = [...who, 'content-type', 'application/json']
      const answer = await sendRaw(url, callOf(operation), { headers, body })
      return { what: key, field: 'idempotency-key', answer, ...invalid }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
})

const keys = [
  ['idempotency-key', 'twice', 'idempotency-key', 'twice'],
  ['idempotency-key', 'one', 'Idempotency-Key', 'another'],
  ['idempotency-key', '', 'IDEMPOTENCY-KEY', 'one', 'idempotency-key', 'another'],
]

t.test('more than one key is 400, and no stock is taken', async (t) => {
  const before = await storedIn(database)
  for (const operation of withKey) {
    const body = JSON.stringify(bodies.get(operation.operationId))
    const trials = keys.map(async (several) => {
      const who = ['authorization', `Bearer ${shop.owner.token}`]
      const headers = [...who, ...several, 'content-type', 'application/json']
      const answer = await sendRaw(url, callOf(operation), { headers, body })
      return { what: String(several), answer, status: 400, code: 'MALFORMED_BODY' }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
})

t.test('two tokens are rejected, whoever their users are', async (t) => {
  const operations = publicOperations.filter(({ secured }) => secured === 'bearer')
  const other = ['authorization', 'Bearer a.b.c']
  const right = ['authorization', `Bearer ${shop.owner.token}`]
  const json = ['content-type', 'application/json']
  for (const operation of operations) {
    const raw = operation.requestBody && {
      body: JSON.stringify(bodies.get(operation.operationId)),
    }
    const path = callOf(operation, idIn(shop, operation.path))
    const trials = [
      [...right, ...other],
      [...other, ...right],
      [...right, ...right],
    ].map(async (tokens) => ({
      what: String(tokens),
      answer: await sendRaw(url, path, { ...raw, headers: [...tokens, ...json] }),
      status: 401,
      code: 'INVALID_TOKEN',
    }))
    allRefused(t, operation, await Promise.all(trials))
  }
})

/** Responses to these have no body; the test of the allow-list covers them. */
const bodiless = new Set(['HEAD', 'CONNECT'])

t.test('no path accepts a method that its contract does not declare', async (t) => {
  const byPath = Map.groupBy(publicOperations, ({ path }) => path)
  t.equal(publicOperations.length, 25)
  const before = await storedIn(database)
  for (const [path, [operation, ...others]] of byPath) {
    if (!operation) continue
    const allowed = new Set([operation, ...others].map(({ method }) => method.toUpperCase()))
    const methods = METHODS.filter((method) => !bodiless.has(method) && !allowed.has(method))
    const trials = methods.map(async (method) => {
      const headers = ['authorization', `Bearer ${shop.owner.token}`]
      const answer = await sendRaw(
        url,
        callOf({ method: 'get', path }, id).replace('GET', method),
        {
          headers,
        },
      )
      return { what: `${method} ${path}`, answer, status: 405, code: 'METHOD_NOT_ALLOWED' }
    })
    allRefused(t, operation, await Promise.all(trials))
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
})

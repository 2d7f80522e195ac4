import t from 'tap'
import { appWith } from './app-with.ts'
import { documentOf, json, operation } from './document.ts'

const line = {
  type: 'object',
  required: ['count'],
  additionalProperties: false,
  properties: { count: { type: 'integer' }, note: { type: 'string', maxLength: 10 } },
}
const text = { type: 'string', maxLength: 5, pattern: '^[a-z]*$', examples: ['abc'] }
const names = Array.from({ length: 25 }, (_, index) => `name_${index}`)

const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    lines: { type: 'array', maxItems: 3, items: line },
    ...Object.fromEntries(names.map((name) => [name, text])),
  },
}

const { app } = await appWith(t, {
  document: documentOf({
    '/things': { post: operation({ operationId: 'createThing', requestBody: json(body) }) },
  }),
  handlers: { createThing: async () => ({}) },
})

const refusalOf = async (payload: object) => {
  const answer = await app.inject({ method: 'POST', url: '/things', payload })
  t.equal(answer.statusCode, 422)
  t.ok(Buffer.byteLength(answer.body) < 8_192)
  return answer.json<{ message: string; details: Record<string, string> }>()
}

const unknown = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`unknown_${index}`, 1]))

t.test('a list that is too long is the only finding', async (t) => {
  const { details } = await refusalOf({ lines: Array(10_000).fill({}), name_0: 1, ...unknown(3) })
  t.strictSame(details, { lines: 'must NOT have more than 3 items' })
})

t.test('every member of a list of the maximum length is validated', async (t) => {
  const { details } = await refusalOf({ lines: [{}, { count: 1 }, { count: 'x', note: 1 }] })
  t.strictSame(details, {
    'lines.0.count': "must have required property 'count'",
    'lines.2.count': 'must be integer',
    'lines.2.note': 'must be string',
  })
})

t.test('twenty unknown fields are reported, and other findings too', async (t) => {
  const { message, details } = await refusalOf({ ...unknown(19), name_0: 1 })
  t.strictSame(Object.keys(details).sort(), ['name_0', ...Object.keys(unknown(19))].sort())
  t.equal(message, 'Some fields are not valid; see details.')
})

t.test('of more unknown fields only the first twenty are reported, at any depth', async (t) => {
  const all = await Promise.all([
    refusalOf({ name_0: 1, ...unknown(5_000) }),
    refusalOf({ name_0: 1, lines: [{ count: 1 }, unknown(5_000)] }),
  ])
  const [above, inside] = all.map(({ details }) => Object.keys(details))
  t.strictSame(above, Object.keys(unknown(20)))
  t.strictSame(
    inside,
    Object.keys(unknown(20)).map((name) => `lines.1.${name}`),
  )
  for (const { message } of all) t.match(message, /There are more than these\.$/)
})

t.test('twenty of 25 invalid fields are reported', async (t) => {
  const { message, details } = await refusalOf(Object.fromEntries(names.map((name) => [name, 1])))
  t.strictSame(details, Object.fromEntries(names.slice(0, 20).map((n) => [n, 'must be string'])))
  t.match(message, /There are more than these\.$/)
})

t.test('a text far beyond its limit is the only finding', async (t) => {
  const { details } = await refusalOf({ name_0: 'A'.repeat(50_000) })
  t.strictSame(details, { name_0: 'must NOT have more than 5 characters' })
})

t.test(
  'a text that does not match its pattern is rejected with an example, without the pattern',
  async (t) => {
    const { details } = await refusalOf({ name_0: 'A', name_1: 'a\0', name_2: '\ud800' })
    t.strictSame(details, {
      name_0: 'does not have the required format; for example: abc',
      name_1: 'must not contain NUL or half of a surrogate pair',
      name_2: 'must not contain NUL or half of a surrogate pair',
    })
  },
)

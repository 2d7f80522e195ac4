import type { Wire } from '../exchange.ts'

/** Bodies that every operation rejects, or that parsers read differently. */

const json: readonly [string, string] = ['Content-Type', 'application/json']

const odd: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  space: ' ',
  'a text': '"x"',
  'a number': '1',
  'null itself': 'null',
  'a list': '[]',
  'an empty object': '{}',
  'half an object': '{"a":',
  'a comma too many': '{"a":1,}',
  'single quotes': "{'a':1}",
  'no quotes': '{a:1}',
  'a comment': '{} // x',
  'two values': '{}{}',
  'bytes that are not UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  'a byte order mark': '\uFEFF{}',
  'UTF-16': Buffer.from('{}', 'utf16le'),
  'a control character': '{"a":"\u0001"}',
  'a number that is too large': '{"a":1e999}',
  'a number with a plus': '{"a":+1}',
  'an octal number': '{"a":010}',
  'not a number': '{"a":NaN}',
  'a prototype': '{"__proto__":{"a":1}}',
  'a constructor': '{"constructor":{"prototype":{"a":1}}}',
  'a harmless constructor': '{"constructor":1}',
  'an escaped name': '{"__pr\\u006fto__":1}',
  '21 unknown fields': JSON.stringify(
    Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`unknown${index}`, index])),
  ),
  '20 unknown fields': JSON.stringify(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`unknown${index}`, index])),
  ),
  'a field with a long name': JSON.stringify({ ['n'.repeat(500)]: 1 }),
  'a field with a name of emoji': JSON.stringify({ ['😀'.repeat(80)]: 1 }),
  'a field with a name of HTML': '{"<script>&":1}',
  'a field with an empty name': '{"":1}',
  'a field with a slash and a tilde': '{"a/b~c.d":1}',
  'deep nesting': `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  'too many bytes': `"${'x'.repeat(131_072)}"`,
  'the maximum number of bytes': `"${'x'.repeat(131_070)}"`,
}

const types: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'no type': [],
  text: [['Content-Type', 'text/plain']],
  'a form': [['Content-Type', 'application/x-www-form-urlencoded']],
  'JSON with a character set': [['Content-Type', 'application/json; charset=utf-8']],
  'JSON in capitals': [['Content-Type', 'APPLICATION/JSON']],
  'JSON with a space before': [['Content-Type', ' application/json']],
  'a kind of JSON': [['Content-Type', 'application/problem+json']],
  'JSON and more': [['Content-Type', 'application/jsonx']],
  'JSON with an empty parameter': [['Content-Type', 'application/json;']],
  'two types': [json, ['Content-Type', 'text/plain']],
  'an empty type': [['Content-Type', '']],
  'JSON in chunks': [json, ['Transfer-Encoding', 'chunked']],
}

const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

/** @param body accepted by the operation except for its values */
export const oddBodies = (path: string, body: string): Record<string, Wire> => ({
  ...Object.fromEntries(
    Object.entries(odd).map(([title, text]) => [
      `${path}: ${title}`,
      { method: 'POST', path, headers: [json], body: text },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(types).map(([title, headers]) => [
      `${path}: ${title}`,
      {
        method: 'POST',
        path,
        headers,
        body: headers.some(([name]) => name === 'Transfer-Encoding') ? chunked(body) : body,
      },
    ]),
  ),
  [`${path}: no body and no type`]: { method: 'POST', path },
  [`${path}: no body in chunks, without a type`]: {
    method: 'POST',
    path,
    headers: [['Transfer-Encoding', 'chunked']],
    body: '0\r\n\r\n',
  },
  [`${path}: a body in chunks, without a type`]: {
    method: 'POST',
    path,
    headers: [['Transfer-Encoding', 'chunked']],
    body: chunked(body),
  },
  [`${path}: a length that is not a number`]: {
    method: 'POST',
    path,
    headers: [json, ['Content-Length', 'x']],
    body,
  },
  [`${path}: two lengths`]: {
    method: 'POST',
    path,
    headers: [json, ['Content-Length', '2'], ['Content-Length', '3']],
    body: '{}',
  },
})

/** Replaces each field by each value. */
export const oddFields = (path: string, fields: Record<string, unknown>): Record<string, Wire> =>
  Object.fromEntries(
    Object.keys(fields).flatMap((name) => [
      ...Object.entries(values).map(([title, value]) => [
        `${path}: ${name} is ${title}`,
        post(path, { ...fields, [name]: value }),
      ]),
      [`${path}: ${name} is missing`, post(path, { ...fields, [name]: undefined })],
      [
        `${path}: ${name} twice`,
        {
          ...post(path, fields),
          body: JSON.stringify(fields).replace('{', `{${JSON.stringify(name)}:1,`),
        },
      ],
      [
        `${path}: ${name} in capitals`,
        post(path, { ...fields, [name]: undefined, [name.toUpperCase()]: fields[name] }),
      ],
    ]),
  )

const values: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  'a number': 12,
  'a fraction': 1.5,
  'a large number': 1e300,
  'a list': ['x'],
  'an object': { x: 1 },
  'an empty text': '',
  'a space': ' ',
  NUL: 'a\u0000b',
  'half of a surrogate pair': 'a\ud83d',
  'the other half': '\ude00b',
  'emoji 😀': '😀😀',
  'a long text': 'x'.repeat(300),
  'a very long text': 'x'.repeat(10_000),
  'many emoji': '😀'.repeat(2_000),
  'the long s': 'ſſſſ@ſſ.ſſſ',
  HTML: '<b>&amp;</b>',
}

export const post = (path: string, body: unknown): Wire => ({
  method: 'POST',
  path,
  headers: [json],
  body: JSON.stringify(body),
})

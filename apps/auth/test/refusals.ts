import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import type { Refusal } from './client.ts'

/** Headers that go with a status whatever the operation. */
const headersOf: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  503: { 'retry-after': '1' },
}

/** The answer is this refusal, in the envelope of the contracts, with nothing beside it. */
export const assertRefused = (
  t: Test,
  answer: LightMyRequestResponse,
  status: number,
  code: string,
  fields: readonly string[] = [],
): void => {
  const { error, details = {} } = answer.json<Refusal>()
  t.strictSame([answer.statusCode, error, Object.keys(details).sort()], [status, code, fields])
  t.hasStrict(answer.headers, headersOf[status] ?? {})
  t.match(answer.headers['content-type'], /^application\/json/)
  const known = ['error', 'message', 'request_id', ...(fields.length > 0 ? ['details'] : [])]
  t.strictSame(Object.keys(answer.json<Refusal>()).sort(), known.sort())
}

const refusedBodies = [
  ['no JSON', '{"email":', 'application/json', 400, 'MALFORMED_BODY', []],
  [
    'another type',
    'email=a',
    'application/x-www-form-urlencoded',
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    [],
  ],
  ['text', '{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE', []],
  ['too large', `"${'x'.repeat(131_072)}"`, 'application/json', 413, 'PAYLOAD_TOO_LARGE', []],
  ['empty', '', 'application/json', 422, 'VALIDATION_ERROR', ['body']],
  ['null', 'null', 'application/json', 422, 'VALIDATION_ERROR', ['body']],
  ['a list', '[]', 'application/json', 422, 'VALIDATION_ERROR', ['body']],
  ['a text', '"x"', 'application/json', 422, 'VALIDATION_ERROR', ['body']],
  ['a hidden prototype', '{"__proto__":{}}', 'application/json', 400, 'MALFORMED_BODY', []],
] as const

/** What every operation with a body refuses, and how it names the fields it misses. */
export const refusesBodies = async (
  t: Test,
  app: FastifyInstance,
  url: string,
  required: readonly string[],
): Promise<void> => {
  for (const [, payload, type, status, code, fields] of refusedBodies) {
    const headers = { 'content-type': type }
    assertRefused(
      t,
      await app.inject({ method: 'POST', url, payload, headers }),
      status,
      code,
      fields,
    )
  }
  const nothing = await app.inject({ method: 'POST', url, payload: {} })
  assertRefused(t, nothing, 422, 'VALIDATION_ERROR', [...required].sort())
  const get = await app.inject({ method: 'GET', url })
  assertRefused(t, get, 405, 'METHOD_NOT_ALLOWED')
  t.equal(get.headers.allow, 'POST')
}

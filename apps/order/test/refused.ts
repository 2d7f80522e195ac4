import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'

type Envelope = { error: string; message: string; details?: object; request_id: string }

/** Headers that go with a status, whatever the operation. */
const headersOf: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  503: { 'retry-after': '1' },
}

/** The answer is this refusal, in the envelope of the contracts; `fields` are those it names. */
export const refusedWith = (
  t: Test,
  answer: LightMyRequestResponse,
  status: number,
  code: string,
  fields?: readonly string[],
): void => {
  const { error, message, details, request_id } = answer.json<Envelope>()
  t.strictSame([answer.statusCode, error], [status, code], answer.body)
  t.match({ message, request_id }, { message: /\w/, request_id: /\w/ })
  t.hasStrict(answer.headers, headersOf[status] ?? {})
  t.match(answer.headers['content-type'], /^application\/json/)
  if (fields) t.strictSame(Object.keys(details ?? {}).sort(), [...fields].sort())
}

const refusedBodies = [
  ['no JSON', '{"items":', 'application/json', 400, 'MALFORMED_BODY'],
  ['a hidden prototype', '{"__proto__":{}}', 'application/json', 400, 'MALFORMED_BODY'],
  ['too large', `"${'x'.repeat(131_072)}"`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
  ['text', '{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a list', '[]', 'application/json', 422, 'VALIDATION_ERROR'],
  ['a text', '"x"', 'application/json', 422, 'VALIDATION_ERROR'],
] as const

/** What every operation with a body refuses; and, where one is required, none and an empty one. */
export const refusesBodies = async (
  t: Test,
  app: FastifyInstance,
  url: string,
  headers: Record<string, string>,
  required: readonly string[] = [],
): Promise<void> => {
  const post = (payload: string | object, type = 'application/json') =>
    app.inject({ method: 'POST', url, payload, headers: { ...headers, 'content-type': type } })
  for (const [, payload, type, status, code] of refusedBodies) {
    refusedWith(t, await post(payload, type), status, code)
  }
  if (required.length === 0) return
  for (const payload of ['', 'null']) {
    refusedWith(t, await post(payload), 422, 'VALIDATION_ERROR', ['body'])
  }
  refusedWith(t, await post({}), 422, 'VALIDATION_ERROR', required)
}

import type { LightMyRequestResponse } from 'fastify'
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

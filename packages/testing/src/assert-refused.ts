import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'

/** The error envelope of the contracts. */
export type Refusal = {
  error: string
  message: string
  details?: Record<string, unknown>
  request_id?: string
}

/** Headers that every operation sends with a status or a code. */
const headersOf: Readonly<Record<string, Record<string, string>>> = {
  IDEMPOTENCY_IN_PROGRESS: { 'retry-after': '1' },
  401: { 'www-authenticate': 'Bearer' },
  503: { 'retry-after': '1' },
}

/**
 * Asserts that the response is exactly this error in the envelope of the contracts. `fields` are
 * the fields in its details.
 */
export const assertRefused = (
  t: Test,
  answer: LightMyRequestResponse,
  status: number,
  code: string,
  fields: readonly string[] | 'any' = [],
): void => {
  const { error, message, request_id, details = {}, ...rest } = answer.json<Refusal>()
  t.strictSame([answer.statusCode, error], [status, code], answer.body)
  t.match({ message, request_id }, { message: /\w/, request_id: /\w/ })
  t.strictSame(rest, {})
  if (fields !== 'any') t.strictSame(Object.keys(details).sort(), [...fields].sort())
  t.hasStrict(answer.headers, headersOf[code] ?? headersOf[status] ?? {})
  t.ok(answer.rawPayload.length < 8_192, 'it is smaller than 8 KB')
  t.match(answer.headers['content-type'], /^application\/json/)
}

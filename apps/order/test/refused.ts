import { assertRefused } from '@flash-deal/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'

/** Asserts an error; its details are compared only if they are given. */
export const refusedWith = (
  t: Test,
  answer: LightMyRequestResponse,
  status: number,
  code: string,
  fields: readonly string[] | 'any' = 'any',
): void => assertRefused(t, answer, status, code, fields)

const refusedBodies = [
  ['no JSON', '{"items":', 'application/json', 400, 'MALFORMED_BODY'],
  ['a hidden prototype', '{"__proto__":{}}', 'application/json', 400, 'MALFORMED_BODY'],
  ['too large', `"${'x'.repeat(131_072)}"`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
  ['text', '{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a list', '[]', 'application/json', 422, 'VALIDATION_ERROR'],
  ['a text', '"x"', 'application/json', 422, 'VALIDATION_ERROR'],
] as const

/** Bodies that every operation rejects; also missing and empty ones if a body is required. */
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

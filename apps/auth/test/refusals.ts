import { assertRefused } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'

const refusedBodies = [
  ['invalid JSON', '{"email":', 'application/json', 400, 'MALFORMED_BODY', []],
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

/** The bodies that every operation rejects, and the missing fields that the response names. */
export const rejectsBodies = async (
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

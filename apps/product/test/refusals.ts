import { randomUUID } from 'node:crypto'
import { asService, assertRefused, asUser } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { Call } from './client.ts'

const wrongKey = { 'x-internal-key': 'another key' }

/** Requests without the internal key, with and without a user id. */
const withoutKey = {
  'no header': {},
  'an id without the key': { 'x-user-id': randomUUID() },
  'a wrong key': wrongKey,
  'an id with a wrong key': { ...wrongKey, 'x-user-id': randomUUID() },
}

const withoutUser = {
  ...withoutKey,
  'the key without an id': asService(),
  'the key with a malformed id': asUser('mina'),
  'the key with an empty id': asUser(''),
}

const rejectsHeaders =
  (table: Record<string, Record<string, string>>) =>
  async (t: Test, app: FastifyInstance, call: Call): Promise<void> => {
    for (const [title, headers] of Object.entries(table)) {
      t.comment(title)
      assertRefused(t, await app.inject({ ...call, headers }), 401, 'UNAUTHORIZED')
    }
  }

/** The response of a protected operation without a user. */
export const rejectsWithoutUser = rejectsHeaders(withoutUser)

/** The response of an internal operation without the key. */
export const rejectsWithoutKey = rejectsHeaders(withoutKey)

/** A user id without the internal key is rejected, even for public operations. */
export const rejectsUserWithoutKey = rejectsHeaders({
  'an id without the key': { 'x-user-id': randomUUID() },
  'a wrong key': wrongKey,
})

const json = 'application/json'
const refusedBodies = [
  ['invalid JSON', '{"name":', json, 400, 'MALFORMED_BODY', []],
  ['a hidden prototype', '{"__proto__":{}}', json, 400, 'MALFORMED_BODY', []],
  ['text', '{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE', []],
  ['too large', `"${'x'.repeat(131_072)}"`, json, 413, 'PAYLOAD_TOO_LARGE', []],
  ['empty', '', json, 422, 'VALIDATION_ERROR', ['body']],
  ['null', 'null', json, 422, 'VALIDATION_ERROR', ['body']],
  ['a list', '[]', json, 422, 'VALIDATION_ERROR', ['body']],
] as const

/** The bodies that every operation rejects, and the missing fields that the response names. */
export const rejectsBodies = async (
  t: Test,
  app: FastifyInstance,
  call: Call,
  required: readonly string[],
): Promise<void> => {
  for (const [title, payload, type, status, code, fields] of refusedBodies) {
    t.comment(title)
    const headers = { ...asUser(), 'content-type': type }
    assertRefused(t, await app.inject({ ...call, payload, headers }), status, code, fields)
  }
  const nothing = await app.inject({ ...call, payload: {}, headers: asUser() })
  assertRefused(t, nothing, 422, 'VALIDATION_ERROR', required)
}

/** Malformed ids in a path. */
export const rejectsMalformedIds = async (
  t: Test,
  app: FastifyInstance,
  name: string,
  callOf: (id: string) => Call,
): Promise<void> => {
  const whole = randomUUID()
  for (const id of ['1', 'null', whole.slice(1), `${whole}0`, whole.replaceAll('-', ''), '%00']) {
    t.comment(id)
    const answer = await app.inject({ ...callOf(id), headers: asUser() })
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', [name])
  }
}

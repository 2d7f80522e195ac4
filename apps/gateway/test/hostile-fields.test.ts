import type { JsonSchema, Operation } from '@flash-deal/contracts'
import { storedIn } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { callOf, namesOf, publicOperations } from './public-operations.ts'
import { bodiesFor, idIn, openShop } from './shop.ts'
import { startSystem } from './system.ts'
import { allRefused } from './verdicts.ts'
import {
  spotsIn,
  type WrongBody,
  withMoreFields,
  withoutFields,
  withWrongValues,
} from './wrong-fields.ts'

const { url, database } = await startSystem(t)
const shop = await openShop(url)
const bodies = new Map<string, object>(Object.entries(bodiesFor(shop)))
const operations = publicOperations.filter(({ requestBody }) => requestBody)

const schemaOf = ({ requestBody }: Operation): JsonSchema =>
  requestBody?.content['application/json']?.schema ?? {}

const send = (operation: Operation, body: unknown) =>
  shop.owner.call(callOf(operation, idIn(shop, operation.path)), {
    body,
    // A refused order must not leave a claim of its key either.
    headers: { 'idempotency-key': 'hostile' },
  })

t.test('this file covers every operation with a body and each of its fields', async (t) => {
  t.equal(operations.length, 9)
  t.strictSame(namesOf(operations).sort(), [...bodies.keys()].sort())
  t.equal(operations.flatMap((operation) => spotsIn(schemaOf(operation))).length, 36)
})

/** Sends invalid fields to every operation; all are rejected, and nothing is stored. */
const refusesAll = async (
  t: Test,
  wrongOf: (schema: JsonSchema, body: unknown) => WrongBody[],
): Promise<number> => {
  let count = 0
  const before = await storedIn(database)
  for (const operation of operations) {
    const wrong = wrongOf(schemaOf(operation), bodies.get(operation.operationId))
    if (wrong.length === 0) continue
    const sent = wrong.map(async ({ what, field, json }) => {
      const answer = await send(operation, json)
      return { what, field, answer, status: 422, code: 'VALIDATION_ERROR' }
    })
    allRefused(t, operation, await Promise.all(sent))
    count += wrong.length
  }
  t.strictSame(await storedIn(database), before, 'nothing is stored')
  return count
}

t.test('a field with an invalid type, number or text is rejected by name', async (t) => {
  t.ok((await refusesAll(t, withWrongValues)) > 300)
})

t.test('a missing required field is rejected by name', async (t) => {
  t.equal(await refusesAll(t, withoutFields), 22)
})

t.test('an undeclared field is rejected by name, at any depth', async (t) => {
  t.ok((await refusesAll(t, withMoreFields)) > 150)
})

t.test('each valid body is accepted (so that the other tests can fail)', async (t) => {
  for (const operation of operations) {
    const { operationId } = operation
    const before = await storedIn(database)
    const answer = await send(operation, bodies.get(operationId))
    t.match(answer.status, /^20[01]$/, `${operationId}: ${answer.text}`)
    t.notSame(await storedIn(database), before, `${operationId} stores something`)
  }
})

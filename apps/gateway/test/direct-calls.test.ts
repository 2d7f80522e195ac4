import { documents, type Operation, operationsOf } from '@flash-deal/contracts'
import { type Refusal, storedIn } from '@flash-deal/testing'
import t from 'tap'
import { callOf } from './public-operations.ts'
import { openShop } from './shop.ts'
import { startSystem } from './system.ts'

const { url, apps, database } = await startSystem(t)
const { owner, order_id } = await openShop(url)

const services = ['auth', 'product', 'order'] as const
const all = services.flatMap((service) =>
  operationsOf(documents[service]).map((operation) => ({ service, operation })),
)
const wrong = 'another internal key'

/** Headers of a client that calls a service directly, without the internal key. */
const pretences: Record<string, Record<string, string>> = {
  'a user id': { 'x-user-id': owner.id },
  'a user id and a wrong key': { 'x-user-id': owner.id, 'x-internal-key': wrong },
  'a wrong key': { 'x-internal-key': wrong },
  'an empty key': { 'x-internal-key': '', 'x-user-id': owner.id },
}

const unmarked: Record<string, Record<string, string>> = {
  nothing: {},
  'a user id under another name': { x_user_id: owner.id, 'x-user': owner.id },
  'a deadline': { 'x-deadline-ms': '600000' },
}

const call = async (service: string, { method, path }: Operation, headers: object) => {
  const [verb = '', target] = callOf({ method, path }, order_id).split(' ')
  const answer = await apps[service]?.inject({
    method: verb === 'PATCH' ? 'PATCH' : verb === 'POST' ? 'POST' : 'GET',
    url: target ?? '',
    headers: { ...headers },
  })
  return { status: answer?.statusCode, error: answer?.json<Refusal>().error }
}

const unauthorized = { status: 401, error: 'UNAUTHORIZED' }

t.test('this file covers every operation of every service', async (t) => {
  t.equal(all.length, 30)
  t.equal(all.filter(({ operation }) => operation.secured === 'internal').length, 4)
})

for (const [pretence, headers] of Object.entries(pretences))
  t.test(`with ${pretence}, and no internal key, every operation is 401`, async (t) => {
    const before = await storedIn(database)
    for (const { service, operation } of all) {
      const name = `${service} ${operation.operationId}`
      t.strictSame(await call(service, operation, headers), unauthorized, name)
    }
    t.strictSame(await storedIn(database), before)
  })

for (const [given, headers] of Object.entries(unmarked))
  t.test(`with ${given}, protected operations are 401 and public ones are not`, async (t) => {
    const before = await storedIn(database)
    for (const { service, operation } of all) {
      const answer = await call(service, operation, headers)
      const name = `${service} ${operation.operationId}`
      if (operation.secured === 'public') t.not(answer.status, 401, name)
      else t.strictSame(answer, unauthorized, name)
    }
    t.strictSame(await storedIn(database), before)
  })

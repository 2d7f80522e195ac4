import { documents, operationsOf } from '@flash-deal/contracts'
import t from 'tap'
import { appWith } from './app-with.ts'
import { documentOf, operation } from './document.ts'

const document = documentOf({
  '/things': {
    get: operation({ operationId: 'listThings' }),
    post: operation({ operationId: 'createThing' }),
  },
})
const nothing = async () => ({})

t.test('a missing handler fails the boot with a message that names it', async (t) => {
  await t.rejects(appWith(t, { document, handlers: { listThings: nothing } }), {
    message:
      'The handlers of order-service do not fit its contract: missing [createThing], surplus [].',
  })
})

t.test('a surplus handler fails the boot with a message that names it', async (t) => {
  const handlers = { listThings: nothing, createThing: nothing, deleteThing: nothing }
  await t.rejects(appWith(t, { document, handlers }), {
    message:
      'The handlers of order-service do not fit its contract: missing [], surplus [deleteThing].',
  })
})

t.test('a handler inherited from Object.prototype counts as missing', async (t) => {
  const named = documentOf({ '/x': { get: operation({ operationId: 'toString' }) } })
  await t.rejects(appWith(t, { document: named }), { message: /missing \[toString\]/ })
})

t.test('health and readiness need no handler', async (t) => {
  const { app } = await appWith(t)
  t.equal((await app.inject('/health')).statusCode, 200)
  t.equal((await app.inject('/health/ready')).statusCode, 200)
})

t.test(
  'an operation with a handler responds with the success status of its contract',
  async (t) => {
    const statuses = documentOf({
      '/made': {
        post: operation({ operationId: 'make', responses: { 201: { description: 'Made.' } } }),
      },
    })
    const { app } = await appWith(t, { document: statuses, handlers: { make: nothing } })
    t.equal((await app.inject({ method: 'POST', url: '/made' })).statusCode, 201)
  },
)

t.test('no body makes a real operation respond 500', async (t) => {
  for (const contract of [documents.auth, documents.product, documents.order]) {
    const operations = operationsOf(contract)
    const own = operations.filter(({ operationId }) => !['health', 'ready'].includes(operationId))
    const refuse = async () => t.fail('a body that is none was taken')
    const handlers = Object.fromEntries(own.map(({ operationId }) => [operationId, refuse]))
    const { app } = await appWith(t, { document: contract, handlers })
    for (const { path, method, operationId } of own) {
      if (method === 'get') continue
      for (const [type, payload] of bodies) {
        const url = path.replaceAll(/\{\w+\}/g, '0b7f6f0e-3c59-4f52-9a42-6c1d2f8e5a10')
        const headers = { ...identity, 'content-type': type }
        const verb = method === 'post' ? 'POST' : 'PATCH'
        const { statusCode } = await app.inject({ method: verb, url, headers, payload })
        t.ok(statusCode >= 400 && statusCode < 500, `${operationId}: ${type} is ${statusCode}`)
      }
    }
  }
})

const identity = {
  'x-internal-key': 'the internal key of the tests',
  'x-user-id': '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36',
}

const bodies = [
  ['text/plain', 'hello'],
  ['application/json', '{"a":'],
  ['application/json', `{"a":"${'x'.repeat(200_000)}"}`],
  ['application/json', '{"__proto__":{"a":1}}'],
] as const

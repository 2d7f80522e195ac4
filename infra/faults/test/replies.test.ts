import t from 'tap'
import {
  type Call,
  describeReply,
  type Outcome,
  orderIdOf,
  outcomeOf,
  type Reply,
} from '../replies.ts'

/** Classification of replies. */

const refusal = (status: number, error: string): Reply => ({
  status,
  body: JSON.stringify({ error, message: '' }),
})

const table: readonly [Call, Reply, Outcome][] = [
  ['createOrder', { status: 201, body: '{"id":"1"}' }, 'ok'],
  ['createOrder', { status: 202, body: '{"id":"1"}' }, 'ok'],
  ['cancelOrder', { status: 200, body: '{"id":"1"}' }, 'ok'],
  ['createOrder', refusal(400, 'INSUFFICIENT_STOCK'), 'refused'],
  ['createOrder', refusal(409, 'DEAL_NOT_ACTIVE'), 'refused'],
  ['createOrder', refusal(409, 'PURCHASE_LIMIT_EXCEEDED'), 'refused'],
  ['cancelOrder', refusal(400, 'INVALID_ORDER_STATE'), 'refused'],
  ['createOrder', refusal(409, 'IDEMPOTENCY_IN_PROGRESS'), 'unknown'],
  ['createOrder', refusal(500, 'INTERNAL_ERROR'), 'unknown'],
  ['createOrder', refusal(503, 'SERVICE_UNAVAILABLE'), 'unknown'],
  ['cancelOrder', refusal(504, 'DEADLINE_EXCEEDED'), 'unknown'],
  ['createOrder', { error: 'ECONNRESET' }, 'unknown'],
  ['cancelOrder', { error: 'UND_ERR_HEADERS_TIMEOUT' }, 'unknown'],
  ['createOrder', { status: 502, body: '<html>' }, 'unknown'],
  ['createOrder', refusal(401, 'INVALID_TOKEN'), 'unexpected'],
  ['createOrder', refusal(404, 'DEAL_NOT_FOUND'), 'unexpected'],
  ['createOrder', refusal(422, 'IDEMPOTENCY_MISMATCH'), 'unexpected'],
  ['createOrder', refusal(400, 'INVALID_ORDER_STATE'), 'unexpected'],
  ['createOrder', refusal(400, 'PURCHASE_LIMIT_EXCEEDED'), 'unexpected'],
  ['cancelOrder', refusal(404, 'NOT_FOUND'), 'unexpected'],
  ['cancelOrder', { status: 400, body: 'null' }, 'unexpected'],
]

for (const [call, reply, outcome] of table) {
  t.test(`${call}: ${describeReply(reply)} is ${outcome}`, async (t) => {
    t.equal(outcomeOf(call, reply), outcome)
  })
}

t.test('the order id comes from the response body only', async (t) => {
  t.equal(orderIdOf({ status: 201, body: '{"id":"1"}' }), '1')
  t.equal(orderIdOf({ status: 201, body: '{"id":"1' }), '')
  t.equal(orderIdOf({ error: 'ECONNRESET' }), '')
})

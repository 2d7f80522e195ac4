import t from 'tap'
import type { Operation } from '../clients.ts'
import { contradictions, type Evidence } from '../judge.ts'
import type { Kind } from '../purchase.ts'
import { outcomeOf, type Reply } from '../replies.ts'

/** Acknowledged operations must match the state that the API returns. */

const order = (call: Operation['call'], reply: Reply, kinds: Kind[] = ['deal']): Operation => ({
  call,
  purchase: { key: 'k1', buyer: 0, kinds, quantity: 2, resends: false },
  path: '',
  token: '',
  reply,
  outcome: outcomeOf(call, reply),
})

const acknowledged = { status: 201, body: '{"id":"o1"}' }
const bought = order('createOrder', acknowledged)
const cancelled = order('cancelOrder', { ...acknowledged, status: 200 })
const wasCancelled = order('cancelOrder', { status: 400, body: '{"error":"INVALID_ORDER_STATE"}' })
const refused = order('createOrder', { status: 400, body: '{"error":"INSUFFICIENT_STOCK"}' })

const evidence = (given: Partial<Evidence>): Evidence => ({
  offer: { units: { deal: 5, product: 9 } },
  operations: [bought],
  replays: [],
  orders: new Map([['o1', 'confirmed']]),
  left: { deal: 3, product: 9 },
  ...given,
})

const twice = { operations: [bought, bought] }
const replayOf = (again: Reply) => [{ first: bought, again: order('createOrder', again) }]
const nowCancelled = new Map([['o1', 'cancelled']])
const all = { deal: 5, product: 9 }

const sound: readonly [string, Partial<Evidence>][] = [
  ['a confirmed order', {}],
  ['a refusal', { operations: [refused], left: all }],
  ['a cancel', { operations: [bought, cancelled], orders: nowCancelled, left: all }],
  ['a cancel sent twice', { operations: [bought, wasCancelled], orders: nowCancelled, left: all }],
  ['a replay with the same response', { replays: replayOf(acknowledged) }],
  ['an order sent twice with one key', twice],
]

const unsound: readonly [string, Partial<Evidence>, string][] = [
  ['a missing order', { orders: new Map([['o1', '404']]) }, 'expected confirmed, found 404'],
  [
    'an order cancelled without a request',
    { orders: nowCancelled },
    'expected confirmed, found cancelled',
  ],
  [
    'a lost cancellation',
    { operations: [bought, cancelled], left: all },
    'expected cancelled, found confirmed',
  ],
  ['a unit sold twice', { left: { deal: 2, product: 9 } }, '2 units sold, stock is 3 lower'],
  [
    'a unit that was never taken',
    { left: { deal: 3, product: 10 } },
    '0 units sold, stock is -1 lower',
  ],
  [
    'another order for a key',
    { replays: replayOf({ ...acknowledged, body: '{"id":"o2"}' }) },
    'o2',
  ],
  ['another status for a key', { replays: replayOf({ ...acknowledged, status: 202 }) }, '202'],
  [
    'an operation without a response',
    { operations: [order('createOrder', { error: 'ECONNRESET' })], left: all },
    'no definite outcome; the last reply is ECONNRESET',
  ],
  [
    'an unexpected response',
    { operations: [order('createOrder', { status: 401, body: '' })], left: all },
    'received the unexpected reply 401',
  ],
]

for (const [title, given] of sound) {
  t.test(`${title} is not a contradiction`, async (t) => {
    t.strictSame(contradictions(evidence(given)), [])
  })
}

for (const [title, given, sentence] of unsound) {
  t.test(`${title} is reported`, async (t) => {
    const [first = '', ...others] = contradictions(evidence(given))
    t.ok(first.includes(sentence), first)
    t.strictSame(others, [])
  })
}

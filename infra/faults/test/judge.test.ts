import t from 'tap'
import { outcomeOf, type Reply } from '../answers.ts'
import type { Operation } from '../clients.ts'
import { contradictions, type Evidence } from '../judge.ts'
import type { Kind } from '../purchase.ts'

/** What buyers were told must be what they find. */

const order = (call: Operation['call'], reply: Reply, wants: Kind[] = ['deal']): Operation => ({
  call,
  purchase: { key: 'k1', buyer: 0, wants, quantity: 2, resends: false },
  path: '',
  token: '',
  reply,
  outcome: outcomeOf(call, reply),
})

const stands = { status: 201, body: '{"id":"o1"}' }
const bought = order('createOrder', stands)
const cancelled = order('cancelOrder', { ...stands, status: 200 })
const wasCancelled = order('cancelOrder', { status: 400, body: '{"error":"INVALID_ORDER_STATE"}' })
const refused = order('createOrder', { status: 400, body: '{"error":"INSUFFICIENT_STOCK"}' })

const evidence = (given: Partial<Evidence>): Evidence => ({
  goods: { units: { deal: 5, product: 9 } },
  operations: [bought],
  replays: [],
  orders: new Map([['o1', 'confirmed']]),
  left: { deal: 3, product: 9 },
  ...given,
})

const twice = { operations: [bought, bought] }
const replayOf = (again: Reply) => [{ first: bought, again: order('createOrder', again) }]
const gone = new Map([['o1', 'cancelled']])
const all = { deal: 5, product: 9 }

const sound: readonly [string, Partial<Evidence>][] = [
  ['an order that stands', {}],
  ['a refusal', { operations: [refused], left: all }],
  ['a cancel', { operations: [bought, cancelled], orders: gone, left: all }],
  ['a cancel sent twice', { operations: [bought, wasCancelled], orders: gone, left: all }],
  ['the same answer again', { replays: replayOf(stands) }],
  ['an order that was asked for twice under one key', twice],
]

const unsound: readonly [string, Partial<Evidence>, string][] = [
  ['an order that is gone', { orders: new Map([['o1', '404']]) }, 'told confirmed and reads 404'],
  ['an order nobody cancelled', { orders: gone }, 'told confirmed and reads cancelled'],
  [
    'a cancel that is lost',
    { operations: [bought, cancelled], left: all },
    'told cancelled and reads confirmed',
  ],
  ['a unit too many', { left: { deal: 2, product: 9 } }, 'told of 2 units, 3 are gone'],
  ['a unit too few', { left: { deal: 3, product: 10 } }, 'told of 0 units, -1 are gone'],
  ['another order for a key', { replays: replayOf({ ...stands, body: '{"id":"o2"}' }) }, 'o2'],
  ['another status for a key', { replays: replayOf({ ...stands, status: 202 }) }, '202'],
  [
    'no answer to the end',
    { operations: [order('createOrder', { error: 'ECONNRESET' })], left: all },
    'no definite answer, the last is ECONNRESET',
  ],
  [
    'an answer out of place',
    { operations: [order('createOrder', { status: 401, body: '' })], left: all },
    'answered 401, which nothing explains',
  ],
]

for (const [what, given] of sound) {
  t.test(`${what} contradicts nothing`, async (t) => {
    t.strictSame(contradictions(evidence(given)), [])
  })
}

for (const [what, given, sentence] of unsound) {
  t.test(`${what} is found`, async (t) => {
    const [first = '', ...others] = contradictions(evidence(given))
    t.ok(first.includes(sentence), first)
    t.strictSame(others, [])
  })
}

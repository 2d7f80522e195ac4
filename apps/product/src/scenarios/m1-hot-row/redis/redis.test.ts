import { randomUUID } from 'node:crypto'
import { type BuildOptions, servers, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { adminOf, endWindow, lockRow, unaccounted } from '../../../../test/admin.ts'
import {
  buildProduct,
  type Deal,
  hold,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  type ReservationRequest,
  release,
  remainingOf,
  reserve,
  tally,
  together,
  unitsOf,
} from '../../../../test/client.ts'
import { gateAt } from '../../../../test/gate.ts'
import { witnessOf } from '../../../../test/witness.ts'

/** The gate rejects early, with the messages of the database, and grants nothing. */

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/8`
const skip = redisUrl === undefined && 'there is no Redis'
const gate = gateAt(t, redisUrl ?? 'redis://127.0.0.1:1')

/** Its responses are expected of the others too. */
const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)

const withGate = async (t: Test, options: BuildOptions = {}) => {
  const settings = { ...(redisUrl && { REDIS_URL: redisUrl }), ...options.settings }
  const app = await buildProduct(t, { database, scenarios: { M1: 'redis' }, settings })
  await until(async () => (await app.inject('/health/ready')).statusCode === 200)
  return app
}

type App = Awaited<ReturnType<typeof withGate>>

/** A deal that is loaded into the gate; one unit of it is sold for that. */
const watchedDeal = async (app: App, given: object = {}): Promise<Deal> => {
  const deal = await offerDeal(baseline, given)
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, deal.deal_stock - 1)
  return deal
}

/** Whether the gate has rejected the order, with the message of the database. */
const assertRefusedEarly = async (t: Test, app: App, request: ReservationRequest) => {
  const before = (await witnessOf(app, 'M1')).gate_refused ?? 0
  const dealId = request.lines[0]?.deal_id ?? ''
  const unlock = await lockRow(sql, 'deals', dealId)
  const early = await reserve(app, request)
  await unlock()
  t.equal(early.outcome, 'refused')
  t.strictSame(early, await reserve(baseline, request))
  t.equal((await witnessOf(app, 'M1')).gate_refused, before + 1)
}

t.test(
  'an order for more than the remaining units is rejected while the row is locked',
  { skip },
  async (t) => {
    const app = await withGate(t)
    const deal = await watchedDeal(app, { deal_stock: 3 })
    await assertRefusedEarly(t, app, orderOf(unitsOf(deal, 3)))
    t.equal((await reserve(app, orderOf(unitsOf(deal, 2)))).outcome, 'granted')
    await gate.untilRemaining(deal.id, 0)
    const other = await withGate(t)
    await assertRefusedEarly(t, other, orderOf(unitsOf(deal)))
  },
)

t.test('an order beyond the limit is rejected, with the bought units', { skip }, async (t) => {
  const app = await withGate(t)
  const deal = await watchedDeal(app, { per_user_limit: 2 })
  const { user_id } = await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 8)
  await assertRefusedEarly(t, app, { ...orderOf(unitsOf(deal, 2)), user_id })
  await assertRefusedEarly(t, app, orderOf(unitsOf(deal, 3)))
  t.equal((await reserve(app, { ...orderOf(unitsOf(deal)), user_id })).outcome, 'granted')
})

t.test('its counters show rejected and passed orders', { skip }, async (t) => {
  const app = await withGate(t)
  const deal = await watchedDeal(app, { deal_stock: 3 })
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 1)
  await reserve(app, orderOf(unitsOf(deal, 2)))
  t.hasStrict(await witnessOf(app, 'M1'), {
    gate_passed: 2,
    gate_refused: 1,
    gate_rebuilt: 1,
    gate_bypassed: undefined,
  })
})

t.test(
  'a repeated order gets its first result, even when the deal is sold out',
  { skip },
  async (t) => {
    const app = await withGate(t)
    const deal = await offerDeal(baseline, { deal_stock: 3 })
    const requests = Array.from({ length: 3 }, () => orderOf(unitsOf(deal)))
    const answers = []
    for (const [index, request] of requests.entries()) {
      answers.push(await reserve(app, request))
      await gate.untilRemaining(deal.id, 2 - index)
    }
    const other = await withGate(t)
    for (const each of [app, other]) {
      t.strictSame(await Promise.all(requests.map((request) => reserve(each, request))), answers)
    }
  },
)

t.test('a released order id is rejected as released', { skip }, async (t) => {
  const app = await withGate(t)
  const deal = await offerDeal(baseline, { deal_stock: 3 })
  // The first order loads the deal into the gate, and the second is counted in it.
  for (const remaining of [2, 1]) {
    const request = await hold(app, unitsOf(deal))
    await gate.untilRemaining(deal.id, remaining)
    await release(app, request.order_id)
    await gate.untilRemaining(deal.id, remaining + 1)
    await hold(app, unitsOf(deal))
    await gate.untilRemaining(deal.id, remaining)
    t.equal(
      (await reserve(app, { ...request, lines: [unitsOf(deal, 10)] })).reason,
      'RESERVATION_RELEASED',
    )
  }
})

t.test(
  '200 concurrent buyers for 50 units, at two processes, get exactly 50',
  { skip },
  async (t) => {
    const [app, other] = [await withGate(t), await withGate(t)]
    const deal = await offerDeal(baseline, { deal_stock: 50 })
    const results = await together(200, (n) => reserve(n % 2 ? app : other, orderOf(unitsOf(deal))))
    t.strictSame(tally(results.map(({ outcome }) => outcome)), { granted: 50, refused: 150 })
    t.equal(await remainingOf(app, deal.id), 0)
  },
)

t.test('the limit holds for concurrent orders at two processes', { skip }, async (t) => {
  const [app, other] = [await withGate(t), await withGate(t)]
  const deal = await offerDeal(baseline, { per_user_limit: 3 })
  const user_id = randomUUID()
  const results = await together(20, (n) =>
    reserve(n % 2 ? app : other, { ...orderOf(unitsOf(deal)), user_id }),
  )
  t.strictSame(tally(results.map(({ outcome }) => outcome)), { granted: 3, refused: 17 })
})

t.test('units returned at one process can be ordered at another', { skip }, async (t) => {
  const [app, other] = [await withGate(t), await withGate(t)]
  const deal = await offerDeal(baseline, { deal_stock: 2 })
  const first = await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 1)
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 0)
  await release(app, first.order_id)
  await gate.untilRemaining(deal.id, 1)
  t.equal((await reserve(other, orderOf(unitsOf(deal)))).outcome, 'granted')
})

t.test(
  'the hash of a deal expires with its window, and after half a minute',
  { skip },
  async (t) => {
    const app = await withGate(t)
    const soon = await offerDeal(baseline, { ends_at: inMs(20_000) })
    const late = await offerDeal(baseline, { ends_at: inMs(3_600_000) })
    for (const [deal, most] of [
      [soon, Date.parse(soon.ends_at) - Date.now()],
      [late, 30_000],
    ] as const) {
      await hold(app, unitsOf(deal))
      await gate.untilRemaining(deal.id, 9)
      const lifeMs = await gate.redis.pttl(await gate.keyOf(deal.id))
      t.ok(lifeMs > 0 && lifeMs <= most, `${lifeMs} ms`)
    }
  },
)

t.test('a deal that is not open is not stored', { skip }, async (t) => {
  const app = await withGate(t)
  const deal = await offerDeal(baseline, { starts_at: inMs(30_000) })
  t.equal((await reserve(app, orderOf(unitsOf(deal)))).reason, 'DEAL_NOT_ACTIVE')
  t.equal(await gate.redis.exists(await gate.keyOf(deal.id)), 0)
  const over = await watchedDeal(app)
  await endWindow(sql, over.id)
  await gate.redis.del(await gate.keyOf(over.id))
  t.equal((await reserve(app, orderOf(unitsOf(over)))).reason, 'DEAL_NOT_ACTIVE')
})

t.test('a deal of more than 20,000 units is sold without the gate', { skip }, async (t) => {
  const app = await withGate(t)
  const owner = randomUUID()
  const product = await offerProduct(baseline, { owner, stock: 20_001 })
  const deal = await offerDeal(baseline, { deal_stock: 20_001 }, owner, product)
  await hold(app, unitsOf(deal))
  await until(async () => (await gate.field(deal.id, 'generation')) !== null)
  await hold(app, unitsOf(deal))
  t.equal(await gate.remaining(deal.id), undefined)
  t.hasStrict(await witnessOf(app, 'M1'), { gate_passed: 2 })
})

t.test('orders of several lines are decided by the database alone', { skip }, async (t) => {
  const app = await withGate(t)
  const deal = await watchedDeal(app, { deal_stock: 3 })
  const product = await offerProduct(baseline)
  const request = orderOf(unitsOf(deal, 2), unitsOf(product))
  t.equal((await reserve(app, request)).outcome, 'granted')
  t.equal(await gate.remaining(deal.id), 2, 'the gate does not hear of it')
  t.equal((await reserve(app, orderOf(unitsOf(deal)))).reason, 'INSUFFICIENT_STOCK')
})

t.test('afterwards every unit is accounted for', async (t) => {
  t.strictSame([...(await unaccounted(sql))], [])
})

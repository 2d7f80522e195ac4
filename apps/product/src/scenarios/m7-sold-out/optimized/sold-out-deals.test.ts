import { randomUUID } from 'node:crypto'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import t from 'tap'
import type { Refusal } from '../../../domain/reservation.ts'
import { type SoldOutDeal, SoldOutDeals } from './sold-out-deals.ts'

const [deal_id, product_id, buyer, stranger] = Array.from({ length: 4 }, () => randomUUID())
const line = { deal_id: deal_id ?? '', product_id: product_id ?? '', quantity: 1 }
const id = line.deal_id
const who = { buyer: buyer ?? '', stranger: stranger ?? '' }
const refusal: Refusal = { reason: 'INSUFFICIENT_STOCK', message: 'none', details: { deal_id } }

/** A simulated database with its own clock; `asked` lists the queries that it received. */
const open = (given: Partial<SoldOutDeal> = {}) => {
  const world = {
    now: 0,
    isAway: false,
    version: '1',
    asked: [] as string[],
    errors: [] as unknown[],
    deal: { product_id: line.product_id, version: '1', buyer_ids: [who.buyer], ...given } as
      | SoldOutDeal
      | undefined,
  }
  const answer = async <Answer>(what: string, value: () => Answer): Promise<Answer> => {
    world.asked.push(what)
    if (world.isAway) throw new Error('away')
    return value()
  }
  const deals = new SoldOutDeals({
    now: () => world.now,
    find: () => answer('find', () => world.deal),
    unchanged: (versions) =>
      answer('unchanged', () =>
        [...versions].filter(([, version]) => version === world.version).map(([known]) => known),
      ),
    onError: (error) => world.errors.push(error),
  })
  const refused = (user = who.stranger) => deals.refusalOf(line, user)
  return { world, deals, refused }
}

t.test('an order of a new buyer is rejected as by the database, without a query', async (t) => {
  const { deals, refused, world } = open()
  t.equal(refused(), undefined, 'not before it is known')
  await deals.learn(id, refusal)
  t.strictSame(refused(), refusal)
  t.strictSame(world.asked, ['find'])
})

t.test('a buyer who ever had units is not rejected: the order may already be held', async (t) => {
  const { deals, refused } = open()
  await deals.learn(id, refusal)
  t.equal(refused(who.buyer), undefined)
})

t.test('an order with another product is not rejected', async (t) => {
  const { deals } = open()
  await deals.learn(id, refusal)
  t.equal(deals.refusalOf({ ...line, product_id: randomUUID() }, who.stranger), undefined)
})

t.test('a deal with remaining units is not stored as sold out', async (t) => {
  const { deals, refused, world } = open()
  world.deal = undefined
  await deals.learn(id, refusal)
  t.equal(refused(), undefined)
})

t.test('an entry older than 100 ms is not used unless it was checked again', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.now = 99
  t.strictSame(refused(), refusal)
  await endOfTurn()
  world.now = 198
  t.strictSame(refused(), refusal, 'it was, at 99')
  world.now = 199
  world.isAway = true
  await endOfTurn()
  t.strictSame(world.asked, ['find', 'unchanged', 'unchanged'])
})

t.test('without requests there are no checks, and old entries are not used', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.now = 100
  t.equal(refused(), undefined)
  t.strictSame(world.asked, ['find', 'unchanged'], 'this request lets it be asked again')
  await endOfTurn()
  t.strictSame(refused(), refusal)
})

t.test('during a check longer than 100 ms requests go to the database', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.now = 50
  t.strictSame(refused(), refusal)
  world.now = 150
  t.equal(refused(), undefined, 'it was sent at 50, so that is how old its answer is')
  await endOfTurn()
  t.equal(refused(), undefined)
})

t.test('a deal whose row has changed is removed', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.version = '2'
  world.now = 60
  t.strictSame(refused(), refusal, 'nobody has said so yet')
  await endOfTurn()
  t.equal(refused(), undefined)
})

t.test('if a check fails, all entries are removed and the error is reported', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.isAway = true
  world.now = 60
  refused()
  await endOfTurn()
  t.equal(refused(), undefined)
  await deals.learn(id, refusal)
  t.equal(refused(), undefined, 'nor is it learned anew')
  t.match(world.errors, [{ message: 'away' }, { message: 'away' }])
  world.isAway = false
  await deals.learn(id, refusal)
  t.strictSame(refused(), refusal, 'before it is back')
})

t.test('a grant or a release removes the entry immediately', async (t) => {
  const { deals, refused } = open()
  await deals.learn(id, refusal)
  deals.forget(id)
  t.equal(refused(), undefined)
})

t.test('a grant or a release discards a load in flight', async (t) => {
  const { deals, refused } = open()
  const learning = deals.learn(id, refusal)
  deals.forget(id)
  await learning
  t.equal(refused(), undefined)
})

t.test('a grant or a release discards a check in flight', async (t) => {
  const { deals, refused, world } = open()
  await deals.learn(id, refusal)
  world.now = 60
  refused()
  deals.forget(id)
  await endOfTurn()
  t.equal(refused(), undefined)
})

t.test('many concurrent rejections query the database once', async (t) => {
  const { deals, world } = open()
  await Promise.all(Array.from({ length: 50 }, () => deals.learn(id, refusal)))
  await deals.learn(id, refusal)
  t.strictSame(world.asked, ['find'])
})

t.test('one statement checks all deals', async (t) => {
  const { deals, refused, world } = open()
  const other = randomUUID()
  await Promise.all([deals.learn(id, refusal), deals.learn(other, refusal)])
  world.now = 60
  refused()
  deals.refusalOf({ ...line, deal_id: other }, who.stranger)
  t.strictSame(world.asked, ['find', 'find', 'unchanged'])
})

t.test('of too many deals the least recently used is evicted', async (t) => {
  const { deals, refused } = open()
  await deals.learn(id, refusal)
  for (let n = 1; n < 20; n += 1) await deals.learn(randomUUID(), refusal)
  t.strictSame(refused(), refusal)
  await deals.learn(randomUUID(), refusal)
  t.strictSame(refused(), refusal, 'a used deal stays')
  for (let n = 0; n < 20; n += 1) await deals.learn(randomUUID(), refusal)
  t.equal(refused(), undefined)
})

import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BuildOptions, Link, ownRedis, servers, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { adminOf, unaccounted } from '../../../../test/admin.ts'
import {
  buildProduct,
  type Deal,
  hold,
  offerDeal,
  openShop,
  orderOf,
  release,
  remainingOf,
  reserve,
  together,
  unitsOf,
} from '../../../../test/client.ts'
import { gateAt } from '../../../../test/gate.ts'
import { witnessOf } from '../../../../test/witness.ts'

/** Whatever data Redis loses, keeps too long or misses, every unit is sold exactly once. */

const skip = servers().valkeyProgram === undefined && 'there is no Valkey to break'

const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)

const isReady = async (app: FastifyInstance): Promise<boolean> =>
  (await app.inject('/health/ready')).statusCode === 200

const withGate = async (t: Test, url: string, options: BuildOptions = {}) => {
  const settings = { REDIS_URL: url, ...options.settings }
  const app = await buildProduct(t, { ...options, database, scenarios: { M1: 'redis' }, settings })
  await until(() => isReady(app))
  return app
}

const open = async (t: Test, options: BuildOptions = {}) => {
  const redis = await ownRedis(t)
  return { redis, gate: gateAt(t, redis.url), app: await withGate(t, redis.url, options) }
}

/** Buys units one by one until the deal is sold out. */
const buyAll = async (app: FastifyInstance, deal: Deal): Promise<number> => {
  for (let count = 0; ; count += 1) {
    const { outcome, reason } = await reserve(app, orderOf(unitsOf(deal)))
    if (reason === 'INSUFFICIENT_STOCK') return count
    if (outcome !== 'granted') throw new Error(`${outcome}: ${reason}`)
  }
}

t.test('units that leaked in Redis are sold after the next sweep', { skip }, async (t) => {
  const { app, gate } = await open(t)
  const deal = await offerDeal(baseline, { deal_stock: 10 })
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 9)
  await gate.add(deal.id, -5)
  t.equal(await buyAll(app, deal), 4)
  await app.sweep()
  t.equal(await buyAll(app, deal), 5)
  t.equal(await remainingOf(app, deal.id), 0)
})

t.test(
  'units that exist only in Redis are not sold, and a sweep removes them',
  { skip },
  async (t) => {
    const { app, gate } = await open(t)
    const deal = await offerDeal(baseline, { deal_stock: 3 })
    await hold(app, unitsOf(deal))
    await gate.untilRemaining(deal.id, 2)
    await gate.add(deal.id, 5)
    t.equal(await buyAll(app, deal), 2)
    await app.sweep()
    t.equal(await gate.remaining(deal.id), 0)
  },
)

t.test('a sweep does not change matching counts', { skip }, async (t) => {
  const { app, gate } = await open(t)
  const deal = await offerDeal(baseline, { deal_stock: 3 })
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 2)
  const generation = await gate.field(deal.id, 'generation')
  await app.sweep()
  t.equal(await gate.field(deal.id, 'generation'), generation)
})

t.test('units of a release that Redis missed are sold after a sweep', { skip }, async (t) => {
  const { app, gate, redis } = await open(t)
  const line = await Link.to(t, redis.url)
  const other = await withGate(t, line.url)
  const deal = await offerDeal(baseline, { deal_stock: 1 })
  const { order_id } = await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 0)
  line.cut()
  await until(async () => other.redis.status !== 'ready')
  await release(other, order_id)
  t.equal(await gate.remaining(deal.id), 0)
  t.equal((await reserve(app, orderOf(unitsOf(deal)))).reason, 'INSUFFICIENT_STOCK')
  await app.sweep()
  t.equal((await reserve(app, orderOf(unitsOf(deal)))).outcome, 'granted')
})

t.test('a release during a load is not lost', { skip }, async (t) => {
  const { app, gate } = await open(t)
  const deal = await offerDeal(baseline, { deal_stock: 1 })
  const [loaded, resume] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { db } = app
  const query: typeof db.query = db.query.bind(db)
  const value: typeof db.query = async (statement, args) => {
    const rows = await query<never>(statement, args)
    if (statement.name === 'deal_get_for_gate') {
      loaded.resolve()
      await resume.promise
    }
    return rows
  }
  const { restore } = t.intercept(db, 'query', { value })
  const { order_id } = await hold(app, unitsOf(deal))
  await loaded.promise
  const before = await gate.field(deal.id, 'returned')
  await release(app, order_id)
  await until(async () => (await gate.field(deal.id, 'returned')) !== before)
  resume.resolve()
  restore()
  t.equal((await reserve(app, orderOf(unitsOf(deal)))).outcome, 'granted')
})

t.test('an order included in a load is not counted again', { skip }, async (t) => {
  const { app, gate, redis } = await open(t)
  const other = await withGate(t, redis.url)
  const deal = await offerDeal(baseline, { deal_stock: 10 })
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 9)
  // The message of the next order to Redis is delayed.
  const [told, resume] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const tell = app.redis.eval.bind(app.redis) as (...given: unknown[]) => Promise<unknown>
  const value = async (...given: unknown[]) => {
    told.resolve()
    await resume.promise
    return tell(...given)
  }
  const { restore } = t.intercept(app.redis, 'eval', { value })
  await hold(app, unitsOf(deal))
  await told.promise
  await gate.redis.flushall()
  await hold(other, unitsOf(deal))
  await gate.untilRemaining(deal.id, 7)
  resume.resolve()
  restore()
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 6)
})

t.test(
  'while Redis is unavailable the database decides alone, with one log line',
  { skip },
  async (t) => {
    const lines: string[] = []
    const logStream = { write: (line: string) => void lines.push(line) }
    const { app, gate, redis } = await open(t, { logStream, settings: { LOG_LEVEL: 'warn' } })
    const deal = await offerDeal(baseline, { deal_stock: 10 })
    await hold(app, unitsOf(deal))
    await gate.untilRemaining(deal.id, 9)
    await redis.kill()
    await until(async () => !(await isReady(app)))
    await together(5, () => hold(app, unitsOf(deal)))
    t.equal((await witnessOf(app, 'M1')).gate_bypassed, 5)
    t.equal(lines.filter((line) => line.includes('without the gate')).length, 1)

    await redis.restart()
    await until(() => isReady(app))
    await gate.untilRemaining(deal.id, 4)
    t.equal(await buyAll(app, deal), 4)
    t.equal((await witnessOf(app, 'M1')).gate_bypassed, 5, 'it is asked again')
  },
)

t.test('an emptied Redis is loaded again', { skip }, async (t) => {
  const { app, gate } = await open(t)
  const deal = await offerDeal(baseline, { deal_stock: 4 })
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 3)
  await gate.redis.flushall()
  await hold(app, unitsOf(deal))
  await gate.untilRemaining(deal.id, 2)
  t.equal(await buyAll(app, deal), 2)
})

t.test('data of a Redis that returns with an old snapshot is ignored', { skip }, async (t) => {
  const { app, gate, redis } = await open(t)
  const other = await withGate(t, redis.url)
  const deal = await offerDeal(baseline, { deal_stock: 2 })
  const first = await hold(app, unitsOf(deal))
  // By then the deal is loaded, and the next order is counted in it.
  await gate.untilRemaining(deal.id, 1)
  const held = [first, await hold(app, unitsOf(deal))]
  await gate.untilRemaining(deal.id, 0)
  await gate.redis.save()
  const key = await gate.keyOf(deal.id)
  for (const { order_id } of held) await release(app, order_id)
  await gate.untilRemaining(deal.id, 2)
  // No process remains that would load the deal again.
  await app.close()
  await redis.restart()
  await until(() => isReady(other))
  t.equal(await gate.redis.hget(key, 'remaining'), '0', 'the snapshot was read')
  t.equal(await buyAll(other, deal), 2)
})

t.test('a response from an old snapshot is ignored', { skip }, async (t) => {
  const { app, gate, redis } = await open(t)
  const deal = await offerDeal(baseline, { deal_stock: 2 })
  const first = await hold(app, unitsOf(deal))
  // By then the deal is loaded, and the next order is counted in it.
  await gate.untilRemaining(deal.id, 1)
  const held = [first, await hold(app, unitsOf(deal))]
  await gate.untilRemaining(deal.id, 0)
  await gate.redis.save()
  for (const { order_id } of held) await release(app, order_id)
  await gate.untilRemaining(deal.id, 2)
  // The query was sent to the old server, and is sent again on the new connection.
  redis.pause()
  const asked = reserve(app, orderOf(unitsOf(deal)))
  await nextTurn()
  await nextTurn()
  await redis.restart()
  t.equal((await asked).outcome, 'granted')
})

t.test(
  'an unresponsive Redis delays orders only briefly, and is used again when it responds',
  { skip },
  async (t) => {
    const { app, gate, redis } = await open(t, { settings: { REDIS_TIMEOUT_MS: '500' } })
    const deal = await offerDeal(baseline, { deal_stock: 10 })
    await hold(app, unitsOf(deal))
    await gate.untilRemaining(deal.id, 9)
    redis.pause()
    await together(5, () => hold(app, unitsOf(deal)))
    t.equal((await witnessOf(app, 'M1')).gate_bypassed, 5)
    redis.resume()
    // There are no orders; each sweep compares the counts.
    await until(async () => {
      await app.sweep()
      return (await gate.remaining(deal.id)) === 4
    })
    t.equal(await buyAll(app, deal), 4)
  },
)

t.test('afterwards every unit is accounted for', async (t) => {
  t.strictSame([...(await unaccounted(sql))], [])
})

import { randomUUID } from 'node:crypto'
import { servers } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { adminOf, endWindow, unaccounted } from '../../../../test/admin.ts'
import {
  buildProduct,
  callAs,
  type Line,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  type Product,
  remainingOf,
  reserve,
  stockOf,
  unitsOf,
} from '../../../../test/client.ts'
import { witnessOf } from '../../../../test/witness.ts'

/** A holder pauses for longer than the lock lasts: the fencing tokens reject its updates. */

const urls = servers().redlockUrls
const skip = urls === undefined && 'there are no Valkeys for locks'
const scenarios = { M1: 'redlock' } as const

const locks = (urls?.split(',') ?? []).map((url) => new Redis(url))
t.teardown(() => {
  for (const redis of locks) redis.disconnect()
})

/** Deletes a lock, as its expiry would. */
const expire = async (name: string): Promise<void> => {
  const gone = await Promise.all(locks.map((redis) => redis.del(name)))
  if (gone.some((count) => count === 0)) throw new Error(`${name} was not locked.`)
}

/** Stops the process's next order before that statement. */
const stopBefore = (t: Test, { db }: FastifyInstance, statement: string) => {
  const [stopped, resume] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const transaction: typeof db.transaction = db.transaction.bind(db)
  let isFirst = true
  const value: typeof db.transaction = (work) =>
    transaction((tx) =>
      work({
        query: async (asked, args) => {
          if (isFirst && asked.name === statement) {
            isFirst = false
            stopped.resolve()
            await resume.promise
          }
          return tx.query(asked, args)
        },
      }),
    )
  t.intercept(db, 'transaction', { value })
  return { stopped: stopped.promise, resume: resume.resolve }
}

/** Only the fencing token protects the stock from a stale holder. */
const dropChecks = async (sql: ReturnType<typeof adminOf>): Promise<void> => {
  const checks = await sql`
    select conname, conrelid::regclass::text as name from pg_constraint
    where contype = 'c' and conrelid in ('deals'::regclass, 'products'::regclass)`
  for (const { conname, name } of checks) {
    await sql`alter table ${sql(name)} drop constraint ${sql(conname)}`
  }
}

const openTwo = async (t: Test) => {
  const { app, database } = await openShop(t, { scenarios })
  const sql = adminOf(t, database)
  await dropChecks(sql)
  return { app, other: await buildProduct(t, { database, scenarios }), sql }
}

/** The outcome of an order that is paused while `work` runs. */
const pausedWhile = async (
  t: Test,
  app: FastifyInstance,
  given: { line: Line; user_id?: string; before?: string },
  work: () => Promise<unknown>,
) => {
  const { line } = given
  const [what, id] = line.deal_id ? ['deal', line.deal_id] : ['product', line.product_id]
  const { stopped, resume } = stopBefore(t, app, given.before ?? `${what}_take_fenced`)
  const order = orderOf(line)
  const paused = reserve(app, { ...order, user_id: given.user_id ?? order.user_id })
  await stopped
  await expire(`lock:${what}:${id}`)
  await work()
  resume()
  const { outcome, reason } = await paused
  return { outcome, reason, fencedOff: (await witnessOf(app, 'M1')).fenced_off }
}

/** The statement before which the order pauses → how often the fence rejects it. */
const places = {
  deal_list_fence_tokens: undefined,
  deal_list_for_reservation: undefined,
  deal_take_fenced: 1,
}

for (const [before, fencedOff] of Object.entries(places)) {
  t.test(
    `the last unit of a deal is sold once, also if an order is paused before ${before}`,
    { skip },
    async (t) => {
      const { app, other, sql } = await openTwo(t)
      const deal = await offerDeal(other, { deal_stock: 1 })
      const result = await pausedWhile(t, app, { line: unitsOf(deal), before }, async () => {
        t.equal((await reserve(other, orderOf(unitsOf(deal)))).outcome, 'granted')
      })
      t.strictSame(result, { outcome: 'refused', reason: 'INSUFFICIENT_STOCK', fencedOff })
      t.equal(await remainingOf(other, deal.id), 0)
      t.strictSame([...(await unaccounted(sql))], [])
    },
  )
}

t.test('the last unit of a product is sold once', { skip }, async (t) => {
  const { app, other, sql } = await openTwo(t)
  const product = await offerProduct(other, { stock: 1 })
  const result = await pausedWhile(t, app, { line: unitsOf(product) }, async () => {
    t.equal((await reserve(other, orderOf(unitsOf(product)))).outcome, 'granted')
  })
  t.strictSame(result, { outcome: 'refused', reason: 'INSUFFICIENT_STOCK', fencedOff: 1 })
  t.equal(await stockOf(other, product.id), 0)
  t.strictSame([...(await unaccounted(sql))], [])
})

t.test('a buyer gets no more than the limit', { skip }, async (t) => {
  const { app, other } = await openTwo(t)
  const deal = await offerDeal(other, { per_user_limit: 1 })
  const { user_id, ...order } = orderOf(unitsOf(deal))
  const result = await pausedWhile(t, app, { line: unitsOf(deal), user_id }, async () => {
    t.equal((await reserve(other, { ...order, user_id })).outcome, 'granted')
  })
  t.strictSame(result, { outcome: 'refused', reason: 'PURCHASE_LIMIT_EXCEEDED', fencedOff: 1 })
  t.equal(await remainingOf(other, deal.id), 9)
})

t.test('a deal that was closed meanwhile is not sold', { skip }, async (t) => {
  const { app, other, sql } = await openTwo(t)
  const deal = await offerDeal(other)
  const result = await pausedWhile(t, app, { line: unitsOf(deal) }, async () => {
    await endWindow(sql, deal.id)
    await other.sweep()
  })
  t.strictSame(result, { outcome: 'refused', reason: 'DEAL_NOT_ACTIVE', fencedOff: 1 })
  t.strictSame([...(await unaccounted(sql))], [])
})

const owner = randomUUID()

const withdrawals: Record<string, (app: FastifyInstance, product: Product) => Promise<unknown>> = {
  'by its owner': (app, { id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${id}/stock`, payload: { delta: -1 } }),
  'for a deal': (app, product) => offerDeal(app, { deal_stock: 1 }, owner, product),
}

for (const [title, withdraw] of Object.entries(withdrawals)) {
  t.test(`stock that was withdrawn meanwhile ${title} is not sold`, { skip }, async (t) => {
    const { app, other, sql } = await openTwo(t)
    const product = await offerProduct(other, { owner, stock: 1 })
    const result = await pausedWhile(t, app, { line: unitsOf(product) }, () =>
      withdraw(other, product),
    )
    t.strictSame(result, { outcome: 'refused', reason: 'INSUFFICIENT_STOCK', fencedOff: 1 })
    t.equal(await stockOf(other, product.id), 0)
    t.strictSame([...(await unaccounted(sql))], [])
  })
}

t.test('units returned meanwhile are not lost', { skip }, async (t) => {
  const { app, other, sql } = await openTwo(t)
  const deal = await offerDeal(other, { deal_stock: 3 })
  const before = orderOf(unitsOf(deal))
  await reserve(other, before)
  const result = await pausedWhile(t, app, { line: unitsOf(deal) }, () =>
    other.releaseStock(before.order_id),
  )
  t.strictSame(result, { outcome: 'granted', reason: undefined, fencedOff: undefined })
  t.equal(await remainingOf(other, deal.id), 2)
  t.strictSame([...(await unaccounted(sql))], [])
})

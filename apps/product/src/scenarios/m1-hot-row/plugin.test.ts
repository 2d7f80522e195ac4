import { randomUUID } from 'node:crypto'
import type { VariantOf } from '@flash-deal/config'
import { NotStarted } from '@flash-deal/errors'
import { eachVariant, Link, purchaseFlags, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  adminOf,
  deadlocksIn,
  lockKey,
  lockRow,
  unaccounted,
  untilWaiting,
} from '../../../test/admin.ts'
import {
  buildProduct,
  type Deal,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  type ReservationRequest,
  type Result,
  release,
  remainingOf,
  reserve,
  reserveBatch,
  stockOf,
  tally,
  together,
  unitsOf,
} from '../../../test/client.ts'

/**
 * Many orders on one deal. The responses to single orders are tested for all variants in
 * test/create-reservations.test.ts.
 */

const outcomes = (results: readonly Result[]) => tally(results.map(({ outcome }) => outcome))

/** The counters of the variant that are not zero. */
const witness = async ({ metrics }: FastifyInstance): Promise<Record<string, number>> => {
  const lines = (await metrics.metrics()).matchAll(
    /^scenario_witness_total\{scenario="M1",event="(\w+)"\} ([1-9]\d*)$/gm,
  )
  return Object.fromEntries(Array.from(lines, ([, event, count]) => [event, Number(count)]))
}

/** The counters after one call with three orders on a deal. */
const expectedOfThree = {
  baseline: { locked: 3 },
  redlock: { redlocked: 3 },
  conditional: { conditional: 3 },
  optimized: { batch: 1, batched: 3 },
  redis: { gate_passed: 3 },
} satisfies Record<VariantOf<'M1'>, Record<string, number>>

/** Sweeps until it succeeds: a small queue may be full. */
const untilSwept = (app: FastifyInstance) =>
  until(() =>
    app.sweep().then(
      () => true,
      (error: unknown) => !(error instanceof NotStarted),
    ),
  )

/** A lock has no queue: on a busy machine, a buyer may wait for it for longer than two seconds. */
const patient = { QUERY_TIMEOUT_MS: '25000', DEADLINE_MS: '60000' }

/** The variants with a queue in the process; they respond to the waiting orders when it closes. */
const waitInProcess: readonly string[] = ['optimized', 'redis']

for (const variant of eachVariant('M1')) {
  t.test(variant, async (t) => {
    const scenarios = purchaseFlags(variant)
    const { app, database } = await openShop(t, { scenarios })
    const sql = adminOf(t, database)
    const another = (t: Test, settings: Record<string, string> = {}) =>
      buildProduct(t, { database, scenarios, settings })
    const ordersOf = (deal: Deal, count: number): ReservationRequest[] =>
      Array.from({ length: count }, () => orderOf(unitsOf(deal)))

    t.test('its counter shows that it worked', async (t) => {
      const fresh = await another(t)
      t.strictSame(await witness(fresh), {})
      await reserveBatch(fresh, ordersOf(await offerDeal(app), 3))
      t.match(await witness(fresh), expectedOfThree[variant])
    })

    // Each order holds the lock for about 20 ms, and many times that on a busy machine.
    const [buyers, units] = variant === 'redlock' ? [40, 10] : [200, 50]
    t.test(
      `${buyers} concurrent buyers for ${units} units, at two processes, get all of them`,
      async (t) => {
        const [one, other] = [await another(t, patient), await another(t, patient)]
        const deal = await offerDeal(app, { deal_stock: units })
        const results = await together(buyers, (n) =>
          reserve(n % 2 ? one : other, orderOf(unitsOf(deal))),
        )
        t.strictSame(outcomes(results), { granted: units, refused: buyers - units })
        t.equal(await remainingOf(app, deal.id), 0)
      },
    )

    t.test('every statement that takes units changes the fencing token', async (t) => {
      const deal = await offerDeal(app)
      const product = await offerProduct(app)
      const tokens = async () => {
        const [row] = await sql`
          select deals.fence_token as deal, products.fence_token as product
          from deals cross join products
          where deals.id = ${deal.id} and products.id = ${product.id}`
        return row
      }
      const before = await tokens()
      const lines = [unitsOf(deal), unitsOf(product)]
      for (const items of [...lines.map((line) => [line]), lines])
        t.hasStrict(await reserve(app, orderOf(...items)), { outcome: 'granted' })
      const after = await tokens()
      for (const row of ['deal', 'product'] as const)
        t.equal(Number(after?.[row]) - Number(before?.[row]), 2, row)
    })

    t.test('an order that does not fit leaves its units to others', async (t) => {
      const deal = await offerDeal(app, { deal_stock: 10 })
      const units = [9, 2, 1, 1, 1]
      const calls = units.map((quantity) => orderOf(unitsOf(deal, quantity)))
      const results: Result[] = []
      for (const request of calls) results.push(await reserve(app, request))
      t.strictSame(
        results.map(({ outcome }) => outcome),
        ['granted', 'refused', 'granted', 'refused', 'refused'],
      )
      t.equal(await remainingOf(app, deal.id), 0)
    })

    t.test('an invalid order does not fail the others on the same deal', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 2 })
      const [fine, twin, last] = ordersOf(deal, 3)
      const results = await reserveBatch(app, [
        ...(fine ? [fine] : []),
        orderOf({ ...unitsOf(deal), product_id: randomUUID() }),
        orderOf({ ...unitsOf(await offerDeal(app)), deal_id: deal.id }),
        orderOf(unitsOf(deal, 3)),
        ...(twin ? [twin] : []),
        orderOf({ ...unitsOf(deal), deal_id: randomUUID() }),
        ...(last ? [last] : []),
      ])
      t.strictSame(
        results.map(({ outcome, reason }) => reason ?? outcome),
        [
          ...['granted', 'PRODUCT_NOT_FOUND', 'DEAL_NOT_FOUND', 'PURCHASE_LIMIT_EXCEEDED'],
          ...['granted', 'DEAL_NOT_FOUND', 'granted'],
        ],
      )
      t.equal(await remainingOf(app, deal.id), 7)
    })

    t.test('the limit per buyer holds within one call and at two processes', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app, { per_user_limit: 3, deal_stock: 50 })
      const user_id = randomUUID()
      const call = () => ordersOf(deal, 10).map((request) => ({ ...request, user_id }))
      const results = await together(4, (n) => reserveBatch(n % 2 ? app : other, call()))
      t.strictSame(outcomes(results.flat()), { granted: 3, refused: 37 })
      t.equal(await remainingOf(app, deal.id), 47)
    })

    t.test('an order repeated in one call and in others takes its units once', async (t) => {
      const other = await another(t)
      const deal = await offerDeal(app)
      const request = orderOf(unitsOf(deal, 2))
      const call = Array<ReservationRequest>(10).fill(request)
      const results = (await together(4, (n) => reserveBatch(n % 2 ? app : other, call))).flat()
      for (const result of results) t.strictSame(result, results[0])
      t.hasStrict(results[0], { outcome: 'granted' })
      t.equal(await remainingOf(app, deal.id), 8)
    })

    t.test(
      'the same orders at two processes, in opposite order, take their units once',
      async (t) => {
        const other = await another(t)
        const deal = await offerDeal(app, { deal_stock: 60 })
        const requests = ordersOf(deal, 60)
        // So that both run at the same time.
        const unlock = await lockKey(sql, requests[30]?.order_id ?? '')
        const calls = Promise.all([
          reserveBatch(app, requests),
          reserveBatch(other, requests.toReversed()),
        ])
        await untilWaiting(sql, 2)
        await unlock()
        const [results, reversed] = await calls
        t.strictSame(outcomes(results), { granted: 60 })
        t.strictSame(reversed.toReversed(), results)
        t.equal(await remainingOf(app, deal.id), 0)
      },
    )

    t.test('orders of a product without a deal share its stock, of two processes', async (t) => {
      const [one, other] = [await another(t, patient), await another(t, patient)]
      const product = await offerProduct(app, { stock: units })
      const results = await together(buyers, (n) =>
        reserve(n % 2 ? one : other, orderOf(unitsOf(product))),
      )
      t.strictSame(outcomes(results), { granted: units, refused: buyers - units })
      t.equal(await stockOf(app, product.id), 0)
    })

    t.test('an order of a product repeated in one call takes its units once', async (t) => {
      const other = await another(t)
      const product = await offerProduct(app, { stock: 10 })
      const call = Array<ReservationRequest>(10).fill(orderOf(unitsOf(product, 2)))
      const results = (await together(4, (n) => reserveBatch(n % 2 ? app : other, call))).flat()
      for (const result of results) t.strictSame(result, results[0])
      t.hasStrict(results[0], { outcome: 'granted' })
      t.equal(await stockOf(app, product.id), 8)
    })

    t.test('orders of a product that do not fit leave its units to others', async (t) => {
      const product = await offerProduct(app, { stock: 5 })
      const requests = [9, 2, 9, 3].map((quantity) => orderOf(unitsOf(product, quantity)))
      const results = await reserveBatch(app, requests)
      t.strictSame(outcomes(results), { granted: 2, refused: 2 })
      t.equal(await stockOf(app, product.id), 0)
    })

    t.test('of two concurrent buyers with one order id only one is granted', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 1 })
      const first = orderOf(unitsOf(deal, 2))
      const second = { ...orderOf(unitsOf(deal)), order_id: first.order_id }
      const { granted = 0 } = outcomes(await reserveBatch(app, [first, second]))
      t.ok(granted > 0)
      t.strictSame([...(await unaccounted(sql))], [])
      await release(app, first.order_id)
      t.equal(await remainingOf(app, deal.id), 10)
      t.strictSame([...(await unaccounted(sql))], [], 'it is given back to whom it was taken for')
    })

    t.test('ids are compared without case', async (t) => {
      const deal = await offerDeal(app, { per_user_limit: 2 })
      const request = orderOf(unitsOf(deal, 2))
      const upper = JSON.parse(
        JSON.stringify(request)
          .toUpperCase()
          .replace(/"[A-Z_]+":/g, (key) => key.toLowerCase()),
      )
      const first = await reserve(app, upper)
      t.hasStrict(first, { outcome: 'granted' })
      t.strictSame(await reserve(app, request), first)
      t.equal(await remainingOf(app, deal.id), 8)
    })

    t.test('all orders that wait while the deal is closed are rejected', async (t) => {
      const deal = await offerDeal(app)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const waiting = together(5, () => reserve(app, orderOf(unitsOf(deal))))
      await untilWaiting(sql, 1)
      await unlock(
        // As deal_close.sql does.
        (held) => held`
          update deals set closed_at = now(), fence_token = fence_token + 1
          where id = ${deal.id}`,
      )
      for (const { reason } of await waiting) t.equal(reason, 'DEAL_NOT_ACTIVE')
      await sql`update deals set closed_at = null where id = ${deal.id}`
      t.equal(await remainingOf(app, deal.id), 10)
    })

    t.test('an order that gets the row after the end of the window is rejected', async (t) => {
      const deal = await offerDeal(app, { ends_at: inMs(500) })
      const unlock = await lockRow(sql, 'deals', deal.id)
      const waiting = reserve(app, orderOf(unitsOf(deal)))
      await untilWaiting(sql, 1)
      await until(async () => Date.now() > Date.parse(deal.ends_at) + 10)
      await unlock()
      t.equal((await waiting).reason, 'DEAL_NOT_ACTIVE')
      t.equal(await remainingOf(app, deal.id), 10)
    })

    /** Repeats the request until its outcome is known, as order does. */
    const resolved = async (request: ReservationRequest): Promise<Result> => {
      let result = await reserve(app, request)
      await until(async () => {
        if (result.outcome === 'unknown') result = await reserve(app, request)
        return result.outcome !== 'unknown'
      })
      return result
    }

    t.test(
      'after lost connections all waiting orders can be repeated, and take their units once',
      async (t) => {
        const deal = await offerDeal(app, { deal_stock: 20 })
        const requests = ordersOf(deal, 20)
        const unlock = await lockRow(sql, 'deals', deal.id)
        const waiting = requests.map((request) => reserve(app, request))
        await untilWaiting(sql, 1)
        await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
        await unlock()
        const results = await Promise.all(waiting)
        t.ok(results.some(({ outcome }) => outcome === 'unknown'))
        t.notOk(results.some(({ outcome }) => outcome === 'refused'))
        t.strictSame(outcomes(await Promise.all(requests.map(resolved))), { granted: 20 })
        t.equal(await remainingOf(app, deal.id), 0)
      },
    )

    t.test('a burst during which all connections break takes no unit twice', async (t) => {
      const link = await Link.to(t, database.urls.PRODUCT_DATABASE_URL)
      const far = await another(t, { PRODUCT_DATABASE_URL: link.url })
      const deal = await offerDeal(app, { deal_stock: 100 })
      const requests = ordersOf(deal, 100)
      const waiting = requests.map((request) => reserve(far, request))
      await Promise.race(waiting)
      link.cut()
      link.restore()
      const results = await Promise.all(waiting)
      t.notOk(results.some(({ outcome }) => outcome === 'refused'))
      const final = await Promise.all(requests.map(resolved))
      t.strictSame(outcomes(final), { granted: 100 })
      t.equal(await remainingOf(app, deal.id), 0)
    })

    t.test('one order beyond the limit of the queue is rejected immediately', async (t) => {
      const narrow = await another(t, { QUERY_QUEUE_MAX: '3' })
      // The first sweep of a process would take a place in the queue.
      await untilSwept(narrow)
      const deal = await offerDeal(app)
      const unlock = await lockRow(sql, 'deals', deal.id)
      const waiting = ordersOf(deal, 4).map((request) => reserve(narrow, request))
      const first = await Promise.race(waiting)
      await unlock()
      t.equal(first.outcome, 'unknown')
      t.strictSame(outcomes(await Promise.all(waiting)), { granted: 3, unknown: 1 })
      t.equal(await remainingOf(app, deal.id), 7)
    })

    if (waitInProcess.includes(variant)) {
      t.test('a closing process answers all waiting orders', async (t) => {
        const closing = await another(t, { QUERY_QUEUE_MAX: '6' })
        await untilSwept(closing)
        const deal = await offerDeal(app)
        const unlock = await lockRow(sql, 'deals', deal.id)
        const waiting = ordersOf(deal, 7).map((request) => reserve(closing, request))
        // The one that is rejected because the queue is full.
        t.equal((await Promise.race(waiting)).outcome, 'unknown')
        const closed = closing.close()
        await unlock()
        t.strictSame(outcomes(await Promise.all(waiting)), { granted: 6, unknown: 1 })
        await closed
      })
    }

    t.test('afterwards every unit is accounted for', async (t) => {
      t.strictSame([...(await unaccounted(sql))], [])
    })

    t.test('no deadlock occurred', async (t) => {
      await app.close()
      t.equal(await deadlocksIn(sql), 0)
    })
  })
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { ApiError, NotStarted } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import { until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { offerDeal, offerProduct } from '../../../test/order-and-product.ts'
import { refusedWith } from '../../../test/refused.ts'
import { buyIn, countedBy, openPair, reservationOf } from '../../../test/transports.ts'
import type { Reservation, ReservationResult } from './seam.ts'

/** Guarantees when reservations share a call. */

const contextIn = (ms: number) => ({ deadline: Deadline.in(ms), trace: {} })

const reserveIn = (app: FastifyInstance, reservation: Reservation, ms = 30_000) =>
  app.productTransport.reserve(reservation, contextIn(ms))

/** A product whose responses the test defines. */
const fakeProduct = async (
  t: Test,
  answer: (reservations: Reservation[]) => Promise<{ status?: number; results: unknown[] }>,
): Promise<string> => {
  const server = createServer(async (request, response) => {
    const { reservations } = JSON.parse(await text(request)) as { reservations: Reservation[] }
    const { status = 200, results } = await answer(reservations)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ results }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const grantOf = ({ order_id, lines }: Reservation): ReservationResult => ({
  order_id,
  outcome: 'granted',
  expires_at: '2026-11-29T17:00:00.000Z',
  lines: lines.map((line) => ({ ...line, product_name: 'A', unit_price: 1 })),
})

/** Blocks the event loop for this time, so that waiting reservations wait longer. */
const keepBusy = (ms: number): void => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Asserts that the work fails with NotStarted. */
const isNotStarted = async (t: Test, work: Promise<unknown>): Promise<void> => {
  const error = await work.catch((thrown: unknown) => thrown)
  t.ok(error instanceof NotStarted, String(error))
  t.match(error, { code: 'SERVICE_UNAVAILABLE' })
}

/** Holds the first call until `letGo`; the others wait behind it. */
const firstHeld = () => {
  const [sent, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const calls: Reservation[][] = []
  const meet = async (reservations: Reservation[]) => {
    calls.push(reservations)
    if (calls.length > 1) return
    sent.resolve()
    await open.promise
  }
  return { calls, meet, sent: sent.promise, letGo: open.resolve }
}

t.test('against product', async (t) => {
  const pair = await openPair(t, 'optimized')
  const { order, product } = pair

  t.test('concurrent orders share few calls, each with its own result', async (t) => {
    const deal = await offerDeal(pair, { deal_stock: 50 })
    const before = await countedBy(order)
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => buyIn(order, 30_000, { items: [deal] })),
    )
    const after = await countedBy(order)
    const statuses = answers.map(({ statusCode }) => statusCode)
    t.equal(statuses.filter((status) => status === 201).length, 50)
    t.equal(statuses.filter((status) => status === 400).length, 10)
    t.equal(Number(after.batched) - Number(before.batched), 60)
    const calls = Number(after.batch) - Number(before.batch)
    t.ok(calls < 30, `${calls} calls`)
  })

  t.test('a single reservation is sent immediately', async (t) => {
    const before = await countedBy(order)
    await reserveIn(order, reservationOf(await offerDeal(pair)))
    const after = await countedBy(order)
    t.equal(Number(after.batch) - Number(before.batch), 1)
    t.equal(Number(after.batched) - Number(before.batched), 1)
  })

  t.test('a row that is locked delays no order of another row', async (t) => {
    const [slow, quick] = [await offerDeal(pair), await offerDeal(pair)]
    const { takeStock } = product
    const [waiting, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    product.takeStock = async (request) => {
      const isSlow = request.lines.some(({ deal_id }) => deal_id === slow.deal_id)
      if (isSlow) {
        waiting.resolve()
        await open.promise
      }
      return takeStock(request)
    }
    const several = { ...reservationOf(slow), lines: [slow, quick] }
    const locked = [reserveIn(order, reservationOf(slow)), reserveIn(order, several)]
    await waiting.promise
    t.match(await reserveIn(order, reservationOf(quick)), { outcome: 'granted' })
    open.resolve()
    t.match(await Promise.all(locked), [{ outcome: 'granted' }, { outcome: 'granted' }])
    product.takeStock = takeStock
  })

  t.test('a reservation that product cannot decide does not affect the others', async (t) => {
    const deal = await offerDeal(pair)
    const { takeStock } = product
    const bad = reservationOf(deal)
    const others = [reservationOf(deal), reservationOf(deal)]
    product.takeStock = async (request) => {
      if (request.order_id === bad.order_id) throw new Error('A mistake in product.')
      return takeStock(request)
    }
    const [first, ...rest] = await Promise.allSettled(
      [bad, ...others].map((each) => reserveIn(order, each)),
    )
    product.takeStock = takeStock
    t.match(first, { status: 'fulfilled', value: { outcome: 'unknown' } })
    t.match(rest, [{ value: { outcome: 'granted' } }, { value: { outcome: 'granted' } }])
  })

  t.test('the largest call that the contract allows is not too large a body', async (t) => {
    const deal = await offerDeal(pair, { deal_stock: 100_000 })
    const lines = Array.from({ length: 10 }, () => ({ ...deal, quantity: 10 }))
    const before = await countedBy(order)
    const all = Array.from({ length: 101 }, () => ({ ...reservationOf(deal), lines }))
    const results = await Promise.all(all.map((each) => reserveIn(order, each)))
    t.ok(results.every(({ outcome }) => outcome === 'granted'))
    const after = await countedBy(order)
    t.equal(Number(after.batch) - Number(before.batch), 2)
  })
})

t.test('with a product whose responses the test defines', async (t) => {
  const pair = await openPair(t, 'optimized')

  const orderFor = (
    t: Test,
    answer: Parameters<typeof fakeProduct>[1],
    settings: Record<string, string> = {},
  ) =>
    fakeProduct(t, answer).then((PRODUCT_URLS) => pair.orderBeside({ PRODUCT_URLS, ...settings }))

  t.test('an expired deadline of one does not cancel the call of the others', async (t) => {
    const [sent, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const app = await orderFor(t, async (reservations) => {
      sent.resolve()
      await open.promise
      return { results: reservations.map(grantOf) }
    })
    const deal = { product_id: randomUUID(), deal_id: randomUUID() }
    const [hasty, patient] = [
      reserveIn(app, reservationOf(deal), 200),
      reserveIn(app, reservationOf(deal)),
    ]
    await sent.promise
    await t.rejects(hasty, { code: 'DEADLINE_EXCEEDED' })
    open.resolve()
    t.match(await patient, { outcome: 'granted' })
  })

  t.test(
    'a reservation that waited for half of its time is not sent, and is NotStarted',
    async (t) => {
      const sent: Reservation[] = []
      const app = await orderFor(t, async (reservations) => {
        sent.push(...reservations)
        return { results: reservations.map(grantOf) }
      })
      const deal = { product_id: randomUUID(), deal_id: randomUUID() }
      const short = reserveIn(app, reservationOf(deal), 400)
      const long = reserveIn(app, reservationOf(deal))
      keepBusy(210)
      await isNotStarted(t, short)
      t.match(await long, { outcome: 'granted' })
      t.equal(sent.length, 1)
    },
  )

  t.test('a call without a response does not block the next orders of its row', async (t) => {
    const held = firstHeld()
    const app = await orderFor(t, async (reservations) => {
      await held.meet(reservations)
      return { results: reservations.map(grantOf) }
    })
    const deal = { product_id: randomUUID(), deal_id: randomUUID() }
    const first = reserveIn(app, reservationOf(deal))
    await held.sent
    t.match(await reserveIn(app, reservationOf(deal)), { outcome: 'granted' })
    held.letGo()
    t.match(await first, { outcome: 'granted' })
  })

  t.test('each reservation gets its own result if some fail', async (t) => {
    const outcomes: ((each: Reservation) => object)[] = [
      grantOf,
      ({ order_id }) => ({
        order_id,
        outcome: 'refused',
        reason: 'DEAL_NOT_FOUND',
        message: 'No.',
      }),
      ({ order_id }) => ({ order_id, outcome: 'unknown', reason: 'NOT_STARTED' }),
      ({ order_id }) => ({ order_id, outcome: 'unknown' }),
      () => ({ order_id: randomUUID(), outcome: 'unknown' }),
    ]
    const app = await orderFor(t, async (reservations) => ({
      results: reservations.map((each, index) => outcomes[index % outcomes.length]?.(each)),
    }))
    const deal = { product_id: randomUUID(), deal_id: randomUUID() }
    const results = await Promise.allSettled(
      outcomes.map(() => reserveIn(app, reservationOf(deal))),
    )
    t.match(results, [
      { value: { outcome: 'granted' } },
      { value: { outcome: 'refused', reason: 'DEAL_NOT_FOUND' } },
      { value: { outcome: 'unknown', reason: 'NOT_STARTED' } },
      { value: { outcome: 'unknown' } },
      { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } },
    ])
  })

  for (const { what, answer } of [
    {
      what: 'too few results',
      answer: (all: Reservation[]) => ({ results: all.slice(1).map(grantOf) }),
    },
    { what: 'another shape', answer: () => ({ results: [{ outcome: 'granted' }] }) },
    { what: 'an error', answer: () => ({ status: 500, results: [] }) },
  ]) {
    t.test(
      `a response with ${what} makes the outcome of all its reservations unknown`,
      async (t) => {
        const app = await orderFor(t, async (all) => answer(all))
        const deal = { product_id: randomUUID(), deal_id: randomUUID() }
        const both = await Promise.allSettled([0, 1].map(() => reserveIn(app, reservationOf(deal))))
        for (const each of both) {
          const error = each.status === 'rejected' ? each.reason : undefined
          t.ok(error instanceof ApiError && !(error instanceof NotStarted), String(error))
          t.match(error, { code: 'SERVICE_UNAVAILABLE' })
        }
      },
    )
  }

  t.test('reservations beyond the queue are rejected and not sent to product', async (t) => {
    const held = firstHeld()
    const app = await orderFor(
      t,
      async (reservations) => {
        await held.meet(reservations)
        return { results: reservations.map(grantOf) }
      },
      { QUERY_QUEUE_MAX: '3' },
    )
    const deal = { product_id: randomUUID(), deal_id: randomUUID() }
    const first = reserveIn(app, reservationOf(deal))
    await held.sent
    const waiting = [0, 1].map(() => reserveIn(app, reservationOf(deal)))
    await isNotStarted(t, reserveIn(app, reservationOf(deal)))
    held.letGo()
    t.equal((await Promise.all([first, ...waiting])).length, 3)
  })

  t.test('a call is not larger than the body limit', async (t) => {
    const sizes: number[] = []
    const app = await orderFor(
      t,
      async (reservations) => {
        sizes.push(Buffer.byteLength(JSON.stringify({ reservations })))
        return { results: reservations.map(grantOf) }
      },
      { BODY_LIMIT_BYTES: '8192' },
    )
    const line = { product_id: randomUUID(), deal_id: randomUUID(), quantity: 10 }
    const lines = Array.from({ length: 10 }, () => line)
    const all = Array.from({ length: 20 }, () => ({ ...reservationOf(line), lines }))
    await Promise.all(all.map((each) => reserveIn(app, each)))
    t.ok(sizes.length > 1 && sizes.every((size) => size <= 8_192), sizes.join())
  })

  t.test('a stopping order service waits for its calls', async (t) => {
    const held = firstHeld()
    const app = await orderFor(t, async (reservations) => {
      await held.meet(reservations)
      return { results: reservations.map(grantOf) }
    })
    const deal = { product_id: randomUUID(), deal_id: randomUUID() }
    const both = [reserveIn(app, reservationOf(deal))]
    await held.sent
    both.push(reserveIn(app, reservationOf(deal)))
    const closed = app.close()
    held.letGo()
    t.match(await Promise.all(both), [{ outcome: 'granted' }, { outcome: 'granted' }])
    await closed
  })
})

t.test('the baseline opens a connection for each call; http keeps them open', async (t) => {
  for (const { H1, least, most } of [
    { H1: 'baseline', least: 6, most: 6 },
    // A call may start before the connection of the previous one is free again.
    { H1: 'http', least: 1, most: 2 },
  ] as const) {
    const pair = await openPair(t, H1)
    let opened = 0
    pair.product.server.on('connection', () => {
      opened += 1
    })
    const product_id = await offerProduct(pair)
    for (let call = 0; call < 6; call++) await reserveIn(pair.order, reservationOf({ product_id }))
    t.ok(opened >= least && opened <= most, `${H1}: ${opened}`)
    await until(async () => (await pair.order.inject('/health/ready')).statusCode === 200)
  }
})

t.test('a failing order in the same call does not affect the others', async (t) => {
  const pair = await openPair(t, 'optimized')
  const deal = await offerDeal(pair, { deal_stock: 2 })
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => buyIn(pair.order, 30_000, { items: [deal] })),
  )
  const refused = answers.filter(({ statusCode }) => statusCode !== 201)
  t.equal(refused.length, 1)
  for (const each of refused) refusedWith(t, each, 400, 'INSUFFICIENT_STOCK')
})

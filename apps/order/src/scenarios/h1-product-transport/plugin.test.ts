import { randomUUID } from 'node:crypto'
import { NotStarted } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import { asUser, eachVariant, until } from '@flash-deal/testing'
import t from 'tap'
import { offerDeal, offerProduct } from '../../../test/order-and-product.ts'
import { refusedWith } from '../../../test/refused.ts'
import { buyIn, countedBy, openPair, reservationOf } from '../../../test/transports.ts'

/** Guarantees of every transport to product. */

const contextIn = (ms: number, trace: Record<string, string> = {}) => ({
  deadline: Deadline.in(ms),
  trace,
})

const counters: Record<string, string> = {
  baseline: 'connection_call',
  http: 'pooled_call',
  optimized: 'batch',
  grpc: 'grpc_call',
}

for (const H1 of eachVariant('H1')) {
  t.test(`with H1 ${H1}`, async (t) => {
    const pair = await openPair(t, H1)
    const { order, product, link, sql, log } = pair
    const { takeStock } = product
    t.beforeEach(() => {
      product.takeStock = takeStock
    })

    const reserve = (reservation: ReturnType<typeof reservationOf>, ms = 30_000) =>
      order.productTransport.reserve(reservation, contextIn(ms))

    const stateOf = async (table: 'reservations' | 'orders', id: string) => {
      const [row] =
        table === 'orders'
          ? await sql`select status as state from orders.orders where id = ${id}`
          : await sql`select state from product.reservations where order_id = ${id}`
      return row?.state
    }

    /** Product reserves the stock, and does not respond until the returned function is called. */
    const holdResults = () => {
      const [taken, open] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
      product.takeStock = async (request) => {
        const result = await takeStock(request)
        taken.resolve(request.order_id)
        await open.promise
        return result
      }
      return { taken: taken.promise, letGo: open.resolve }
    }

    t.test('a call whose deadline expires just before it is sent is NotStarted', async (t) => {
      const wanted = reservationOf(await offerDeal(pair))
      let now = performance.now()
      t.intercept(performance, 'now', { value: () => now })
      const answer = reserve(wanted, 100)
      now += 100
      const error: unknown = await answer.catch((error) => error)
      t.ok(error instanceof NotStarted)
      t.equal(await stateOf('reservations', wanted.order_id), undefined)
    })

    t.test('a grant has the names, prices and time that product decided', async (t) => {
      const deal = await offerDeal(pair, { deal_price: 700 })
      const wanted = reservationOf({ ...deal, quantity: 2 })
      const { expires_at, ...result } = await reserve(wanted)
      t.strictSame(result, {
        order_id: wanted.order_id,
        outcome: 'granted',
        lines: [{ ...deal, quantity: 2, product_name: 'Headphones', unit_price: 700 }],
      })
      t.match(expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      t.strictSame(await reserve(wanted), { ...result, expires_at }, 'the same again')
    })

    t.test('a line without a deal, a price of zero and several lines are returned', async (t) => {
      const free = await offerProduct(pair, { price: 0 })
      const deal = await offerDeal(pair)
      const lines = [{ product_id: free, deal_id: null, quantity: 1 }, deal]
      const { lines: granted } = await reserve({ ...reservationOf(deal), lines })
      t.match(granted, [{ product_id: free, deal_id: null, unit_price: 0 }, { unit_price: 700 }])
    })

    t.test('each refusal has its reason, its message and its details', async (t) => {
      const product_id = await offerProduct(pair, { stock: 1 })
      const later = new Date(Date.now() + 3_600_000).toISOString()
      const ends_at = new Date(Date.now() + 7_200_000).toISOString()
      const limited = await offerDeal(pair, { per_user_limit: 1 })
      const closed = await offerDeal(pair, { starts_at: later, ends_at })
      const nowhere = randomUUID()
      for (const { line, reason, message, details } of [
        {
          line: { product_id, quantity: 2 },
          reason: 'INSUFFICIENT_STOCK',
          message: /stock|left/i,
          details: { product_id },
        },
        { line: { product_id: nowhere }, reason: 'PRODUCT_NOT_FOUND' },
        { line: { product_id, deal_id: nowhere }, reason: 'DEAL_NOT_FOUND' },
        { line: closed, reason: 'DEAL_NOT_ACTIVE' },
        {
          line: { ...limited, quantity: 2 },
          reason: 'PURCHASE_LIMIT_EXCEEDED',
          details: { deal_id: limited.deal_id, limit: 1, bought: 0 },
        },
      ]) {
        const wanted = reservationOf(line)
        const { order_id } = wanted
        const result = await reserve(wanted)
        t.match(result, { order_id, outcome: 'refused', reason, message: message ?? String })
        if (details) t.match(result.details, details)
        t.equal(await stateOf('reservations', order_id), undefined)
      }
    })

    t.test('a reservation that was released is refused as such', async (t) => {
      const wanted = reservationOf(await offerDeal(pair))
      await order.productClient.release(wanted.order_id, contextIn(30_000))
      t.match(await reserve(wanted), { outcome: 'refused', reason: 'RESERVATION_RELEASED' })
      t.equal(await stateOf('reservations', wanted.order_id), 'released')
    })

    t.test('confirming and releasing are acknowledged when they are done', async (t) => {
      const deal = await offerDeal(pair)
      const [kept, given] = [reservationOf(deal), reservationOf(deal)]
      await Promise.all([reserve(kept), reserve(given)])
      await order.productClient.confirm([kept.order_id], contextIn(30_000))
      await order.productClient.release(given.order_id, contextIn(30_000))
      t.equal(await stateOf('reservations', kept.order_id), 'confirmed')
      t.equal(await stateOf('reservations', given.order_id), 'released')
    })

    t.test('after a timeout the order is void and its stock released', async (t) => {
      const hasty = await pair.orderBeside({ DEADLINE_MS: '300' })
      const deal = await offerDeal(pair, { per_user_limit: 1 })
      const { taken, letGo } = holdResults()
      const late = await buyIn(hasty, 300, { items: [deal] })
      refusedWith(t, late, 504, 'DEADLINE_EXCEEDED')
      const id = await taken
      letGo()
      t.equal(await stateOf('orders', id), 'void')
      await until(async () => (await stateOf('reservations', id)) === 'released')
      await hasty.close()
    })

    t.test('an order that product did not start is neither void nor released', async (t) => {
      const deal = await offerDeal(pair)
      const asked: string[] = []
      product.takeStock = async ({ order_id }) => {
        asked.push(order_id)
        throw new NotStarted('SERVICE_UNAVAILABLE')
      }
      refusedWith(t, await buyIn(order, 30_000, { items: [deal] }), 503, 'SERVICE_UNAVAILABLE')
      const [id = ''] = asked
      t.equal(asked.length, 1)
      t.equal(await stateOf('orders', id), undefined)
      t.equal(await stateOf('reservations', id), undefined)
    })

    t.test('product logs the request and the trace of the buyer', async (t) => {
      const deal = await offerDeal(pair)
      const traceId = randomUUID().replaceAll('-', '')
      const [traceparent, request_id] = [`00-${traceId}-00f067aa0ba902b7-01`, randomUUID()]
      const headers = { traceparent, 'x-request-id': request_id }
      t.equal((await buyIn(order, 30_000, { items: [deal] }, headers)).statusCode, 201)
      const isIt = (line: object) => 'request_id' in line && line.request_id === request_id
      await until(async () => log.some(isIt))
      t.match(log.find(isIt), {
        trace_id: traceId,
        operation: 'createReservations',
        msg: 'request completed',
      })
    })

    t.test('the deadline of the request reaches the statement', async (t) => {
      const left: number[] = []
      product.takeStock = (request) => {
        left.push(request.deadline.leftMs)
        return takeStock(request)
      }
      await reserve(reservationOf(await offerDeal(pair)), 5_000)
      await reserve(reservationOf(await offerDeal(pair)), 20_000)
      const [short = 0, long = 0] = left
      t.ok(short > 0 && short <= 5_000, `${short} ms`)
      t.ok(long > 5_000 && long <= 20_000, `${long} ms`)
    })

    t.test('a caller without the internal key is refused, and nothing is reserved', async (t) => {
      const stranger = await pair.orderBeside({ INTERNAL_KEY: 'another key' })
      const wanted = reservationOf(await offerDeal(pair))
      await t.rejects(stranger.productTransport.reserve(wanted, contextIn(30_000)), {
        code: 'SERVICE_UNAVAILABLE',
      })
      t.equal(await stateOf('reservations', wanted.order_id), undefined)
      await stranger.close()
    })

    t.test(
      'if the connection is lost during a call, the order is void and the next one works',
      async (t) => {
        const deal = await offerDeal(pair)
        const { taken, letGo } = holdResults()
        const broken = buyIn(order, 30_000, { items: [deal] })
        const id = await taken
        link.cut()
        refusedWith(t, await broken, 503, 'SERVICE_UNAVAILABLE')
        letGo()
        product.takeStock = takeStock
        link.restore()
        t.equal(await stateOf('orders', id), 'void')
        await until(async () => (await buyIn(order, 30_000, { items: [deal] })).statusCode === 201)
      },
    )

    t.test("order's readiness names product while it is unavailable", async (t) => {
      const ready = async () => (await order.inject({ url: '/health/ready' })).statusCode
      await until(async () => (await ready()) === 200)
      link.cut()
      const away = await order.inject({ url: '/health/ready' })
      refusedWith(t, away, 503, 'SERVICE_UNAVAILABLE', ['product'])
      link.restore()
      await until(async () => (await ready()) === 200)
    })

    t.test('its counter counts the calls', async (t) => {
      const event = counters[H1] ?? ''
      const before = (await countedBy(order))[event] ?? 0
      await reserve(reservationOf(await offerDeal(pair)))
      t.equal((await countedBy(order))[event], before + 1)
    })

    t.test('afterwards every invariant holds', async (t) => {
      const strays = await sql`
        select order_id from product.reservations
        where state <> 'released' and order_id not in (select id from orders.orders where status <> 'void')`
      for (const { order_id } of strays)
        await order.productClient.release(order_id, contextIn(30_000))
      await order.relayOutbox()
      t.strictSame(await pair.brokenInvariants(), [])
    })

    t.test('a service that stops aborts its calls in progress', async (t) => {
      const last = await pair.orderBeside({})
      const deal = await offerDeal(pair)
      const { taken, letGo } = holdResults()
      const headers = asUser()
      const under = buyIn(last, 30_000, { items: [deal] }, headers)
      await taken
      const closed = product.close()
      letGo()
      t.equal((await under).statusCode, 201)
      await closed
      await last.close()
    })
  })
}

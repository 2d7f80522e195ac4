import { randomUUID } from 'node:crypto'
import { asUser, eachVariant, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import {
  answersNonsense,
  fails,
  Held,
  losesTheAnswer,
  type Manner,
  refuses,
} from '../../../test/forwarder.ts'
import {
  bought,
  brokenInvariants,
  buy,
  cancel,
  offerProduct,
  openShop,
  orderBeside,
  read,
  reservationOf,
  settle,
  stockOf,
  units,
} from '../../../test/order-and-product.ts'
import { refusedWith } from '../../../test/refused.ts'

type Variant = 'baseline' | 'optimized'

const shop = await openShop(t)
const { toProduct, sql } = shop
const user = randomUUID()
t.beforeEach(() => toProduct.heal())

/** Opens after four calls, and stays open longer than a test takes. */
const settings = { BREAKER_CALLS_MIN: '4', BREAKER_OPEN_MS: '600000' }
const soon = { ...settings, BREAKER_OPEN_MS: '50' }

const start = (t: Test, M5: Variant, own: Record<string, string> = settings) =>
  orderBeside(t, shop, own, { M5 })

const reservations = (): number => toProduct.calls('reservations').length

/** Places this many orders sequentially. Returns their statuses. */
const buyTimes = async (app: FastifyInstance, times: number, product: string, quantity = 1) => {
  const statuses: number[] = []
  for (let i = 0; i < times; i++) {
    statuses.push((await buy(app, user, units(product, quantity))).statusCode)
  }
  return statuses
}

const stored = async (): Promise<number> =>
  Number((await sql<{ count: string }[]>`select count(*) from orders.orders`)[0]?.count)

const metricsOf = (app: FastifyInstance): Promise<string> => app.metrics.metrics()

const isIn = async (app: FastifyInstance, call: string, state: string): Promise<boolean> =>
  (await metricsOf(app)).includes(`circuit_breaker_state{call="${call}",state="${state}"} 1`)

/** Does not respond until the test ends. */
const hangs = (t: Test): Manner => {
  const held = new Held()
  t.teardown(held.letGo)
  return held.request
}

/** Product is overloaded and responds that it has started nothing. */
const begunNothing: Manner = async () => {
  const body = toProduct.calls('reservations').at(-1)?.body ?? '{}'
  const { reservations } = JSON.parse(body) as { reservations: { order_id: string }[] }
  const order_id = reservations[0]?.order_id
  const result = { order_id, outcome: 'unknown', reason: 'NOT_STARTED' }
  return { status: 200, body: JSON.stringify({ results: [result] }) }
}

for (const variant of eachVariant('M5')) {
  t.test(`${variant}: orders are placed, rejected and listed as without M5`, async (t) => {
    const app = await start(t, variant)
    const product = await offerProduct(shop, { stock: 2 })
    t.strictSame(await buyTimes(app, 6, product, 3), Array(6).fill(400))
    const unknown = await buy(app, user, units(randomUUID()))
    refusedWith(t, unknown, 404, 'PRODUCT_NOT_FOUND')
    const answer = await buy(app, user, units(product))
    t.equal(answer.statusCode, 201, 'refusals are answers, not failures')
    t.equal((await read(app, user, answer.json<{ id: string }>().id)).statusCode, 200)
  })

  const failures: { how: string; manner: (t: Test) => Manner; status: number }[] = [
    { how: 'refuses connections', manner: () => refuses, status: 503 },
    { how: 'responds with 500', manner: () => fails, status: 503 },
    { how: 'responds with nonsense', manner: () => answersNonsense, status: 503 },
    { how: 'responds, but the response is lost', manner: () => losesTheAnswer, status: 503 },
    { how: 'hangs', manner: hangs, status: 504 },
  ]
  for (const { how, manner, status } of failures) {
    t.test(
      `${variant}: if product ${how}, orders can be listed and no stock is held`,
      async (t) => {
        const quick = { BREAKER_TIMEOUT_MS: '400', DEADLINE_MS: '800' }
        const app = await start(t, variant, { ...settings, ...quick })
        const product = await offerProduct(shop)
        const standing = await bought(shop, user, units(product))
        toProduct.on('reservations', manner(t))
        const failed = await Promise.all(
          Array.from({ length: 4 }, () => buy(app, user, units(product))),
        )
        t.strictSame(
          failed.map((each) => each.statusCode),
          Array(4).fill(status),
        )
        const [asked, before] = [reservations(), await stored()]
        const next = await buy(app, user, units(product))
        t.equal(next.statusCode, variant === 'optimized' ? 503 : status)
        if (variant === 'optimized') {
          t.equal(next.json<{ error: string }>().error, 'SERVICE_UNAVAILABLE')
          t.equal(reservations(), asked, 'product is not called')
          t.equal(await stored(), before, 'no id is void, because nothing was started')
          const wait = Number(next.headers['retry-after'])
          t.ok(wait > 500 && wait <= 600, 'Retry-After is the time up to the next try')
        } else {
          t.equal(reservations(), asked + 1, 'product is called again')
        }
        t.equal((await read(app, user, standing.id)).statusCode, 200)
        toProduct.heal()
        await settle(shop)
        t.equal(await stockOf(shop, product), 9)
      },
    )
  }

  t.test(`${variant}: a key that got 503 creates one order when product is back`, async (t) => {
    const app = await start(t, variant, soon)
    const product = await offerProduct(shop)
    const key = randomUUID()
    toProduct.on('reservations', refuses)
    const attempts = []
    for (let i = 0; i < 8; i++) attempts.push(await buy(app, user, units(product), key))
    t.ok(attempts.every((each) => each.statusCode === 503))
    toProduct.heal()
    let answer = attempts[0]
    await until(async () => {
      answer = await buy(app, user, units(product), key)
      return answer.statusCode !== 503
    })
    t.equal(answer?.statusCode, 201)
    t.equal((await buy(app, user, units(product), key)).body, answer?.body)
    t.equal(await stockOf(shop, product), 9)
  })

  t.test(`${variant}: NOT_STARTED and an expired deadline do not count as failures`, async (t) => {
    const app = await start(t, variant)
    const product = await offerProduct(shop)
    toProduct.on('reservations', begunNothing)
    t.strictSame(await buyTimes(app, 6, product), Array(6).fill(503))
    toProduct.on('reservations', hangs(t))
    for (let i = 0; i < 6; i++) {
      const headers = { ...asUser(user), 'x-deadline-ms': '60' }
      const payload = units(product)
      const { statusCode } = await app.inject({
        method: 'POST',
        url: '/orders',
        headers,
        payload,
      })
      t.ok([503, 504].includes(statusCode), 'without time there is no order')
    }
    toProduct.heal()
    t.equal((await buy(app, user, units(product))).statusCode, 201)
  })

  t.test(`${variant}: failing releases do not block new orders`, async (t) => {
    const app = await start(t, variant, soon)
    const product = await offerProduct(shop)
    const orders = await Promise.all(
      Array.from({ length: 6 }, () => bought({ order: app }, user, units(product))),
    )
    toProduct.on('release', fails)
    for (const { id } of orders) {
      t.equal((await cancel(app, user, id)).json<{ status: string }>().status, 'cancelled')
    }
    t.equal((await buy(app, user, units(product))).statusCode, 201)
    toProduct.heal()
    await until(async () => {
      await sql`update orders.outbox set next_attempt_at = now()`
      await app.relayOutbox().catch(() => {})
      const states = await Promise.all(orders.map(({ id }) => reservationOf(shop, id)))
      return states.every((state) => state === 'released')
    })
    t.equal(await stockOf(shop, product), 9)
  })
}

/** Sends failing orders until the breaker is open. */
const open = async (app: FastifyInstance, product: string): Promise<void> => {
  toProduct.on('reservations', refuses)
  await buyTimes(app, 4, product)
  toProduct.heal()
}

t.test('half-open: one call decides, the others are rejected without waiting', async (t) => {
  const app = await start(t, 'optimized', soon)
  const product = await offerProduct(shop)
  await open(app, product)
  const held = new Held()
  toProduct.on('reservations', held.request)
  const statuses: Promise<number>[] = []
  // Rejected while the breaker is open; the first call after that is held.
  const probe = until(async () => {
    statuses.push(buy(app, user, units(product)).then(({ statusCode }) => statusCode))
    return reservations() > 0
  })
  await Promise.all([held.reached, probe])
  t.ok(await isIn(app, 'reserve', 'half_open'))
  const other = await buy(app, user, units(product))
  refusedWith(t, other, 503, 'SERVICE_UNAVAILABLE')
  t.equal(other.headers['retry-after'], '1')
  t.equal(reservations(), 1)
  held.letGo()
  const answered = await Promise.all(statuses)
  t.equal(answered.filter((status) => status === 201).length, 1)
  t.ok(await isIn(app, 'reserve', 'closed'))
  t.strictSame(await buyTimes(app, 3, product), [201, 201, 201])
})

for (const [what, manner] of [
  ['a failed call', fails],
  ['an inconclusive call', begunNothing],
] as const) {
  t.test(`half-open: ${what} opens it again`, async (t) => {
    const app = await start(t, 'optimized', soon)
    const product = await offerProduct(shop)
    await open(app, product)
    toProduct.on('reservations', manner)
    await until(async () => {
      await buy(app, user, units(product))
      return reservations() === 2
    })
    const events = await metricsOf(app)
    t.match(events, /scenario_witness_total\{scenario="M5",event="opened"\} [3-9]/)
    t.notMatch(events, /scenario_witness_total\{scenario="M5",event="closed"\} [1-9]/)
  })
}

t.test('less than half of the calls failing does not open it', async (t) => {
  const app = await start(t, 'optimized')
  const product = await offerProduct(shop, { stock: 100 })
  for (let i = 0; i < 8; i++) {
    toProduct.once('reservations', fails)
    await buyTimes(app, 1, product)
    await buyTimes(app, i === 0 ? 3 : 1, product)
  }
  t.ok(await isIn(app, 'reserve', 'closed'))
})

t.test('its state and its openings are on /metrics', async (t) => {
  const app = await start(t, 'optimized')
  const product = await offerProduct(shop)
  await open(app, product)
  await buyTimes(app, 2, product)
  t.ok(await isIn(app, 'reserve', 'open'))
  t.ok(await isIn(app, 'release', 'closed'))
  const events = await metricsOf(app)
  t.match(events, 'scenario_witness_total{scenario="M5",event="opened"} 1\n')
  t.match(events, 'scenario_witness_total{scenario="M5",event="refused"} 2\n')
})

t.test('afterwards every invariant holds', async (t) => {
  await settle(shop)
  t.strictSame(await brokenInvariants(shop), [])
})

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { asAdmin, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { createClient } from '../api-client.ts'
import { OtlpReceiver, type Span } from './otlp-receiver.ts'
import { openShop, type Shop } from './shop.ts'
import { buy, has, open, placing, traceOf } from './traced-orders.ts'
import { within } from './within.ts'

/** The spans of a purchase that a collector receives. */

t.setTimeout(600_000)

const reserving = [
  ...placing,
  'order-service CLIENT POST /internal/reservations',
  'product-service SERVER POST /internal/reservations',
]

t.test('one order in one trace', async (t) => {
  const { receiver, stack } = await open(t, { SCENARIO_M1: 'optimized' })
  const shop = await openShop(stack)
  // One round delivers all events there are, in a span of the first order's trace.
  await until(async () => {
    const [outbox] = await asAdmin(stack, 'select count(*)::int from orders.outbox')
    return outbox?.count === 0
  }, 'the first order is settled')
  const { status, requestId } = await buy(shop)
  t.equal(status, 201)
  const spans = () => traceOf(receiver, requestId)

  t.test('has the spans of all services, each below its caller', async (t) => {
    await has(t, spans, [
      'gateway SERVER POST /orders',
      'gateway CLIENT GET /auth/verify',
      'auth-service SERVER GET /auth/verify',
    ])
    await has(t, spans, [
      ...placing,
      'order-service CLIENT transaction',
      'order-service CLIENT order_create',
    ])
    await has(t, spans, [...reserving, 'product-service INTERNAL M1 batch'])
    await has(t, spans, [...placing, 'order-service INTERNAL deliver outbox'])
    t.equal(spans().filter(({ parentSpanId }) => parentSpanId === undefined).length, 1)
  })

  t.test('shows the statements, the batch and the processes', async (t) => {
    const statement = spans().find(({ name }) => name === 'order_create')
    t.match(statement?.attributes, {
      'db.system.name': 'postgresql',
      'db.query.summary': 'order_create',
      'db.response.returned_rows': 1,
    })
    const transaction = spans().find(({ name }) => name === 'transaction')
    t.type(transaction?.attributes['flash_deal.db.wait_ms'], 'number')
    t.equal(spans().find(({ name }) => name === 'M1 batch')?.attributes['flash_deal.batch.size'], 1)
    t.match(receiver.resources['product-service'], {
      'service.version': /^\d+\.\d+\.\d+$/,
      'flash_deal.scenario.m1': 'optimized',
      'flash_deal.scenario.h2': 'baseline',
    })
  })

  t.test('orders of one batch share its span, which has links to them', async (t) => {
    await Promise.all(Array.from({ length: 40 }, () => buy(shop)))
    const isShared = ({ name, links }: Span) => name === 'M1 batch' && links.length > 0
    await until(() => receiver.spans.some(isShared), 'a batch of several orders')
    const shared = receiver.spans.find(isShared)
    t.equal(shared?.attributes['flash_deal.batch.size'], (shared?.links.length ?? 0) + 1)
  })

  t.test("a client's trace is continued if the client records it", async (t) => {
    const [recorded, other] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', ''))
    await buy(shop, `00-${other}-00f067aa0ba902b7-00`)
    await buy(shop, `00-${recorded}-00f067aa0ba902b7-01`)
    const of = (id: string | undefined) => receiver.spans.filter(({ traceId }) => traceId === id)
    await until(() => of(recorded).some(({ name }) => name === 'order_create'), 'the recorded one')
    const roots = () =>
      of(recorded).filter(({ parentSpanId }) => parentSpanId === '00f067aa0ba902b7')
    await until(() => roots().length > 0, 'the span of the gateway')
    t.strictSame(
      roots().map(({ service, kind }) => `${service} ${kind}`),
      ['gateway SERVER'],
    )
    t.strictSame(of(other), [])
  })

  t.test('nothing that is exported is a secret or data of a client', async (t) => {
    const email = `${randomUUID()}@example.com`
    const password = randomUUID()
    const api = createClient(stack.url)
    await api('/auth/register', { body: { email, password, name: 'Ada Lovelace' } })
    await api('/auth/login', { body: { email, password: 'wrong' }, expect: [401] })
    const seen = receiver.bodies.length
    await until(() => receiver.bodies.length > seen + 1, 'the log-in was exported')
    const exported = receiver.bodies.join('\n')
    t.match(exported, 'POST /auth/login')
    const secrets = [shop.token, stack.internalKey, email, password, 'Ada Lovelace', 'Teapot']
    for (const secret of [...secrets, new URL(stack.adminUrl).password])
      t.notOk(exported.includes(secret), 'it is not in an export')
  })

  t.test('the counters are equal to what is stored', async (t) => {
    const port = Number(new URL(stack.addresses.order).port) + 1_000
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    const counter = /http_requests_total\{operation="createOrder",status="201"\} (\d+)/.exec(page)
    const [stored] = await asAdmin(
      stack,
      "select count(*) from orders.orders where status = 'confirmed'",
    )
    t.equal(Number(counter?.[1]), Number(stored?.count))
  })
})

/** An export starts at most a second after the first span. */
const exportedAfterMs = 1_500

/** Places orders sequentially, and returns the duration. */
const buyTwenty = async (t: Test, shop: Shop): Promise<number> => {
  const begin = performance.now()
  for (let order = 0; order < 20; order++) t.equal((await buy(shop)).status, 201)
  return performance.now() - begin
}

t.test('an unusable collector', async (t) => {
  const { receiver, stack, lines } = await open(t, { TELEMETRY: 'off' })
  const shop = await openShop(stack)
  const usualMs = await buyTwenty(t, shop)

  t.test('gets nothing with TELEMETRY=off', async (t) => {
    await pause(exportedAfterMs)
    t.strictSame([receiver.bodies, receiver.binary], [[], []])
  })

  const hanging = await OtlpReceiver.start({ isHanging: true })
  t.teardown(() => hanging.close())
  for (const [title, url] of [
    ['does not answer', hanging.url],
    ['is unavailable', 'http://127.0.0.1:9'],
  ] as const) {
    t.test(`${title}: orders are placed, and the service stops in time`, async (t) => {
      lines.length = 0
      await stack.supervisor.stop('order')
      await stack.restart('order', { TELEMETRY: 'on', OTEL_EXPORTER_OTLP_ENDPOINT: url })
      const tookMs = await buyTwenty(t, shop)
      // If each waited for an export, they would take 40 seconds more.
      t.ok(tookMs < usualMs + 20_000, `${Math.round(tookMs)} ms, usually ${Math.round(usualMs)}`)
      const reports = () => lines.filter((line) => line.includes('Spans could not be exported'))
      await until(() => reports().length > 0, 'it was logged')
      stack.supervisor.kill('order', 'SIGTERM')
      t.equal((await within(10_000, stack.supervisor.exited('order')))?.code, 0)
      t.equal(reports().length, 1, 'it is reported at most once a minute')
    })
  }
})

import { randomUUID } from 'node:crypto'
import { asAdmin, until } from '@flash-deal/testing'
import t from 'tap'
import { createClient } from '../api-client.ts'
import type { Span } from './otlp-receiver.ts'
import { openShop } from './shop.ts'
import { buy, has, open, ordersGoOn, placing, traceOf } from './traced-orders.ts'

/** The spans of a purchase that a collector receives. */

t.setTimeout(600_000)

const reserving = [
  ...placing,
  'order-service CLIENT POST /internal/reservations',
  'product-service SERVER POST /internal/reservations',
]

t.test('one order in one trace', async (t) => {
  const { receiver, stack, lines } = await open(t, { SCENARIO_M1: 'optimized' })
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

  t.test('a collector that is unavailable delays nothing', async (t) => {
    await ordersGoOn(t, { shop, lines }, 'http://127.0.0.1:9')
  })
})

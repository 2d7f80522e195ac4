import { spawnSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { servers, until } from '@flash-deal/testing'
import t from 'tap'
import { OtlpReceiver, type Span } from './otlp-receiver.ts'
import { openShop } from './shop.ts'
import { buy, has, open, ordersGoOn, placing, traceOf } from './traced-orders.ts'

/** The spans of orders through Kafka and gRPC, and of services in Go; a collector that hangs. */

t.setTimeout(300_000)

const skip = servers().kafka ? false : 'Java or Maven is not installed'

t.test('an order that is decided later is in the same trace', { skip }, async (t) => {
  const { receiver, stack } = await open(t, {
    SCENARIO_H2: 'optimized',
    SCENARIO_H1: 'grpc',
    SCENARIO_E2: 'optimized',
  })
  const shop = await openShop(stack)
  const { status, requestId } = await buy(shop)
  t.equal(status, 202)
  const spans = () => traceOf(receiver, requestId)
  const accepted = [...placing, 'order-service PRODUCER send orders-accepted']
  const decided = [...accepted, 'order-service CONSUMER process orders-accepted']
  const call = 'flash_deal.product.v1.Reservations/CreateReservations'
  await has(t, spans, decided)
  await has(t, spans, [
    ...decided,
    'order-service INTERNAL process batch',
    'order-service CLIENT pending_confirm',
  ])
  await has(t, spans, [
    ...decided,
    'order-service PRODUCER send order-events',
    'product-service CONSUMER process order-events',
  ])
  t.ok(
    spans().some(({ name, kind }) => name === call && kind === 'CLIENT'),
    'the call by gRPC',
  )
  const server = spans().find(
    ({ name, kind }) => name === 'createReservations' && kind === 'SERVER',
  )
  const client = spans().find(({ spanId }) => spanId === server?.parentSpanId)
  t.equal(client?.name, call)

  t.test('a command of Redis has its name and none of its arguments', async (t) => {
    await fetch(`${stack.url}/products`)
    await until(() => receiver.spans.some(({ name }) => name === 'HGET'), 'a command')
    const command = receiver.spans.find(({ name }) => name === 'HGET')
    t.strictSame(command?.attributes, { 'db.system.name': 'redis', 'db.operation.name': 'HGET' })
  })
})

const withoutGo = spawnSync('go', ['version']).status === 0 ? false : 'Go is not installed'

t.test('services in Go are parts of the trace', { skip: withoutGo }, async (t) => {
  const { receiver, stack } = await open(t, { SCENARIO_H3: 'optimized', SCENARIO_H4: 'optimized' })
  const { status, requestId } = await buy(await openShop(stack))
  t.equal(status, 201)
  const spans = () => traceOf(receiver, requestId)
  const isServer = ({ service, kind }: Span) => service === 'product-service' && kind === 'SERVER'
  const reserving = () => spans().find(isServer)
  await until(() => reserving() !== undefined, 'the span of product')
  const exported = () => Buffer.concat(receiver.binary)
  const isThere = (text: string | Buffer) =>
    until(() => exported().includes(text), `${text} was exported`)
  await isThere(Buffer.from(reserving()?.parentSpanId ?? 'none', 'hex'))
  for (const name of [
    'auth-service',
    'order-service',
    'POST /internal/reservations',
    'order_create',
  ])
    await isThere(name)
  t.notOk(exported().includes(stack.internalKey), 'the internal key is not in an export')
})

/** An export starts at most a second after the first span. */
const exportedAfterMs = 1_500

t.test(
  'with TELEMETRY=off nothing is exported; a collector that hangs delays nothing',
  async (t) => {
    const { receiver, stack, lines } = await open(t, { TELEMETRY: 'off' })
    const shop = await openShop(stack)
    t.equal((await buy(shop)).status, 201)
    await pause(exportedAfterMs)
    t.strictSame([receiver.bodies, receiver.binary], [[], []])
    const hanging = await OtlpReceiver.start({ isHanging: true })
    t.teardown(() => hanging.close())
    await ordersGoOn(t, { shop, lines }, hanging.url)
  },
)

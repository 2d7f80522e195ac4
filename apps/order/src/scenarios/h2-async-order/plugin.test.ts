import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { VariantOf } from '@flash-deal/config'
import { asUser, buildApp, type OwnKafka, ownKafka, servers, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import {
  brokenInvariants,
  buy,
  callAsService,
  cancel,
  type Order,
  offerDeal,
  offerProduct,
  openShop,
  orderBeside,
  read,
  remainingOf,
  reservationOf,
  type Shop,
  statusOf,
  stockOf,
  units,
} from '../../../test/order-and-product.ts'
import { order } from '../../app.ts'

/** Asynchronous orders through a real broker, which these tests share. */

t.setTimeout(600_000)
const missing = servers().kafka ? false : 'Java or Maven is not installed'

t.test('without Kafka the boot fails with a message', async (t) => {
  await t.rejects(buildApp(t, 'order', order, { scenarios: { H2: 'optimized' } }), {
    message: /needs Kafka\. Set KAFKA_BROKERS/,
  })
})

type Variant = Exclude<VariantOf<'H2'>, 'baseline'>

const open = (t: Test, H2: VariantOf<'H2'>, brokers: string): Promise<Shop> => {
  const KAFKA_BROKERS = brokers
  const quick = { PENDING_RETRY_MS: '300', RECOVERY_INTERVAL_MS: '100', RELAY_INTERVAL_MS: '50' }
  return openShop(t, {
    scenarios: { H2 },
    order: { KAFKA_BROKERS, KAFKA_TIMEOUT_MS: '1000', ORDER_STREAM_HEARTBEAT_MS: '200', ...quick },
    product: { KAFKA_BROKERS },
  })
}

const accept = async (shop: Shop, user: string, payload: object, key?: string): Promise<Order> => {
  const answer = await buy(shop.order, user, payload, key)
  if (answer.statusCode !== 202) throw new Error(`createOrder answered ${answer.body}`)
  return answer.json<Order>()
}

const decided = async (shop: Shop, id: string): Promise<string> => {
  await until(async () => (await statusOf(shop, id)) !== 'pending')
  return String(await statusOf(shop, id))
}

const drained = ({ sql }: Shop): Promise<void> =>
  until(async () => (await sql`select from orders.outbox`).length === 0)

/** The events of an order, until the stream ends. */
const follow = async ({ order }: Shop, user: string, id: string, lastEventId?: string) => {
  const { port } = order.server.address() as AddressInfo
  const headers = { ...asUser(user), ...(lastEventId && { 'last-event-id': lastEventId }) }
  const request = get({ port, path: `/orders/${id}/events`, headers, agent: false })
  const [response] = await once(request, 'response')
  return { response, body: text(response) }
}

const statusesIn = (body: string): string[] =>
  [...body.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => (JSON.parse(data) as Order).status)

const both = (variant: Variant, kafka: OwnKafka) => {
  const { brokers } = kafka
  t.test(`${variant}: accepted, then decided`, async (t) => {
    const shop = await open(t, variant, brokers)
    const user = randomUUID()

    await t.test('an order gets 202 and is confirmed later, with its stock', async (t) => {
      const product = await offerProduct(shop, { price: 500, stock: 10 })
      const answer = await buy(shop.order, user, units(product, 2))
      const { id, status } = answer.json<Order>()
      t.strictSame([answer.statusCode, status], [202, 'pending'])
      t.equal(answer.headers.location, `/orders/${id}`)
      t.equal((await read(shop.order, user, id)).statusCode, 200, 'it can be read at any time')
      t.equal(await decided(shop, id), 'confirmed')
      const { items, total_amount } = (await read(shop.order, user, id)).json<Order>()
      t.equal(total_amount, 1_000)
      t.match(items, [{ product_name: 'Headphones', unit_price: 500, subtotal: 1_000 }])
      t.equal(await stockOf(shop, product), 8)
      await drained(shop)
      await until(async () => (await reservationOf(shop, id)) === 'confirmed')
    })

    await t.test('a repeated key gets the first response after the decision too', async (t) => {
      const product = await offerProduct(shop)
      const key = randomUUID()
      const first = await buy(shop.order, user, units(product), key)
      await decided(shop, first.json<Order>().id)
      const again = await buy(shop.order, user, units(product), key)
      t.strictSame([again.statusCode, again.body], [202, first.body])
      t.equal(again.headers.location, first.headers.location)
      t.equal((await buy(shop.order, user, units(product, 2), key)).statusCode, 422)
      t.equal(await stockOf(shop, product), 9)
    })

    await t.test('a deal sells no unit twice: accepted = confirmed + rejected', async (t) => {
      const deal = await offerDeal(shop, { deal_stock: 5, per_user_limit: 1 })
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => buy(shop.order, randomUUID(), { items: [deal] })),
      )
      const accepted = answers.filter(({ statusCode }) => statusCode === 202)
      t.equal(accepted.length, variant === 'optimized' ? 5 : 20)
      const ends = await Promise.all(accepted.map((each) => decided(shop, each.json<Order>().id)))
      t.equal(ends.filter((end) => end === 'confirmed').length, 5)
      t.equal(ends.filter((end) => end === 'rejected').length, accepted.length - 5)
      t.equal(await remainingOf(shop, deal.deal_id), 0)
    })

    await t.test('an order that did not reach Kafka is appended again', async (t) => {
      const product = await offerProduct(shop)
      const lost = t.intercept(shop.order.pendingOrders, 'append', { value: () => {} })
      const { id } = await accept(shop, user, units(product))
      t.equal(await statusOf(shop, id), 'pending')
      lost.restore()
      t.equal(await decided(shop, id), 'confirmed')
      t.equal(await stockOf(shop, product), 9)
    })

    await t.test('the outcome is sent immediately and ends the stream', async (t) => {
      const product = await offerProduct(shop)
      const held = t.intercept(shop.order.pendingOrders, 'append', { value: () => {} })
      const { id } = await accept(shop, user, units(product))
      const { response, body } = await follow(shop, user, id)
      t.strictSame(
        [response.statusCode, response.headers['content-type']],
        [200, 'text/event-stream'],
      )
      await new Promise((resolve) => setTimeout(resolve, 250))
      held.restore()
      const whole = await body
      t.match(whole, /^retry: 1000\n\n/)
      t.match(whole, /\n:\n\n/, 'a comment keeps it alive')
      t.strictSame(statusesIn(whole), ['pending', 'confirmed'])
      const [lastId] = [...whole.matchAll(/^id: (.*)$/gm)].map(([, each]) => each).slice(-1)
      const repeated = await (await follow(shop, user, id, lastId)).body
      t.strictSame(statusesIn(repeated), [], 'what was received is not sent again')
      t.strictSame(statusesIn(await (await follow(shop, user, id)).body), ['confirmed'])
    })

    await t.test('another buyer can neither read nor follow an order', async (t) => {
      const { id } = await accept(shop, user, units(await offerProduct(shop)))
      const { response } = await follow(shop, randomUUID(), id)
      t.equal(response.statusCode, 403)
      t.equal((await follow(shop, user, randomUUID())).response.statusCode, 404)
      await decided(shop, id)
    })

    await t.test('afterwards every invariant holds', async (t) => {
      await drained(shop)
      await until(async () => (await brokenInvariants(shop)).length === 0)
      t.strictSame(await brokenInvariants(shop), [])
    })
  })
}

const withBrokerAway = (kafka: OwnKafka) => {
  t.test('while the broker is unavailable', async (t) => {
    const shop = await open(t, 'optimized', kafka.brokers)
    const baseline = await orderBeside(
      t,
      shop,
      { KAFKA_BROKERS: kafka.brokers, KAFKA_TIMEOUT_MS: '500' },
      { H2: 'baseline' },
    )
    const user = randomUUID()
    const product = await offerProduct(shop, { stock: 10 })
    await decided(shop, (await accept(shop, user, units(product))).id)
    await kafka.kill()

    const { id } = await accept(shop, user, units(product))
    t.equal(await statusOf(shop, id), 'pending', 'it waits')
    t.equal((await cancel(shop.order, user, id)).json().error, 'INVALID_ORDER_STATE')
    const resolved = await callAsService(shop.order, '/internal/orders/resolve', {
      order_ids: [id],
    })
    t.match(resolved.json(), { results: [{ outcome: 'pending' }] }, 'it is never voided')
    await shop.sql`update product.reservations set expires_at = now() where state = 'held'`
    await shop.product.sweep()
    t.equal(await reservationOf(shop, id), 'held', 'its stock stays reserved')

    const placed = await buy(baseline, user, units(product))
    t.equal(placed.statusCode, 201, 'synchronous orders still work')
    t.equal((await shop.sql`select from orders.outbox`).length > 0, true, 'the outbox grows')

    await kafka.restart()
    t.equal(await decided(shop, id), 'confirmed')
    await until(async () => {
      await shop.sql`update orders.outbox set next_attempt_at = now()`
      await baseline.relayOutbox().catch(() => {})
      return (await shop.sql`select from orders.outbox`).length === 0
    })
    await until(async () => (await brokenInvariants(shop)).length === 0)
    t.equal(await stockOf(shop, product), 7)
  })
}

if (missing) t.test('asynchronous orders', { skip: missing }, async () => {})
else {
  const kafka = await ownKafka(t)
  both('optimized', kafka)
  both('queue-first', kafka)
  withBrokerAway(kafka)
}

import { randomUUID } from 'node:crypto'
import { asUser } from '@flash-deal/testing'
import t from 'tap'
import { fails, refuses } from './forwarder.ts'
import { openShop, orderBeside } from './order-and-product.ts'
import { refusedWith } from './refused.ts'

const shop = await openShop(t)
t.beforeEach(() => shop.toProduct.heal())

const nowhere = 'postgres://order_service:test@127.0.0.1:1/nowhere'

t.test('health names the service and the variant of each scenario', async (t) => {
  const answer = await shop.order.inject({ url: '/health' })
  t.equal(answer.statusCode, 200)
  const { scenarios, ...rest } = answer.json<{ scenarios: Record<string, string> }>()
  t.strictSame(rest, { status: 'healthy', service: 'order-service' })
  t.match(scenarios, { E2: 'baseline', E4: 'baseline', M1: 'baseline' })
})

t.test('ready names the required dependencies', async (t) => {
  const answer = await shop.order.inject({ url: '/health/ready' })
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {
    status: 'ready',
    service: 'order-service',
    dependencies: { postgres: 'up', product: 'up' },
  })
})

for (const { how, manner } of [
  { how: 'is unavailable', manner: refuses },
  { how: 'responds with an error', manner: fails },
]) {
  t.test(`while product ${how}, order is alive, not ready, and gives the reason`, async (t) => {
    shop.toProduct.on('health', manner)
    const answer = await shop.order.inject({ url: '/health/ready' })
    refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE', ['product'])
    t.equal((await shop.order.inject({ url: '/health' })).statusCode, 200)
    shop.toProduct.heal()
    t.equal((await shop.order.inject({ url: '/health/ready' })).statusCode, 200)
  })
}

t.test('while PostgreSQL is unavailable order is alive, not ready, and responds 503', async (t) => {
  const lost = await orderBeside(t, shop, { ORDER_DATABASE_URL: nowhere })
  const ready = await lost.inject({ url: '/health/ready' })
  refusedWith(t, ready, 503, 'SERVICE_UNAVAILABLE', ['postgres'])
  t.equal((await lost.inject({ url: '/health' })).statusCode, 200)
  const list = await lost.inject({ url: '/orders', headers: asUser(randomUUID()) })
  refusedWith(t, list, 503, 'SERVICE_UNAVAILABLE')
})

t.test('an order that is stopping is alive and not ready', async (t) => {
  const stopping = await orderBeside(t, shop)
  stopping.draining = true
  const answer = await stopping.inject({ url: '/health/ready' })
  refusedWith(t, answer, 503, 'SERVICE_UNAVAILABLE', ['service'])
  t.equal((await stopping.inject({ url: '/health' })).statusCode, 200)
})

t.test('an unknown path is 404, another method of a known one 405', async (t) => {
  refusedWith(t, await shop.order.inject({ url: '/orders/a/b/c' }), 404, 'NOT_FOUND')
  for (const [method, url, allow] of [
    ['DELETE', '/orders', 'POST, GET, HEAD'],
    ['PUT', `/orders/${randomUUID()}`, 'GET, HEAD'],
    ['GET', `/orders/${randomUUID()}/cancel`, 'POST'],
    ['GET', '/internal/orders/resolve', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
  ] as const) {
    const answer = await shop.order.inject({ method, url })
    refusedWith(t, answer, 405, 'METHOD_NOT_ALLOWED')
    t.strictSame(String(answer.headers.allow).split(', ').sort(), allow.split(', ').sort())
  }
})

import t from 'tap'
import { newDeal, newProduct, newUser } from './client.ts'
import { captureLog } from './log.ts'
import { startSystem } from './system.ts'

t.test('a purchase in the logs of all services', async (t) => {
  const log = captureLog()
  const settings = { LOG_LEVEL: 'info' }
  const { url } = await startSystem(t, { settings, logStream: log.stream })
  const buyer = await newUser(url)
  const product_id = await newProduct(buyer, 5)
  const deal_id = await newDeal(buyer, { product_id, deal_stock: 5 })
  const body = { items: [{ product_id, deal_id, quantity: 1 }] }

  t.test('has one trace id, one request id and one log line per service', async (t) => {
    log.forget()
    const answer = await buyer.call('POST /orders', { body })
    t.equal(answer.status, 201)
    for (const [name, operation] of Object.entries(linesOfPurchase)) {
      const lines = await log.completed(name, operation)
      t.match(lines, [{ request_id: answer.headers.get('x-request-id') }], name)
      t.equal(lines.length, 1, `${name} wrote one line`)
      t.match(lines[0]?.trace_id, /^[0-9a-f]{32}$/)
      t.equal(lines[0]?.trace_id, log.lines()[0]?.trace_id)
    }
  })

  t.test("continues the client's trace and request id", async (t) => {
    log.forget()
    const trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'
    const traceparent = `00-${trace_id}-00f067aa0ba902b7-01`
    const headers = { traceparent, 'x-request-id': 'cart-2f1d7c' }
    const answer = await buyer.call('POST /orders', { body, headers })
    t.equal(answer.headers.get('x-request-id'), 'cart-2f1d7c')
    for (const [name, operation] of Object.entries(linesOfPurchase))
      t.match(await log.completed(name, operation), [{ trace_id, request_id: 'cart-2f1d7c' }], name)
  })
})

const linesOfPurchase = {
  gateway: '/orders',
  auth: 'verifyToken',
  order: 'createOrder',
  product: 'createReservations',
}

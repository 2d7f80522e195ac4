import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import t from 'tap'
import type { Order } from '../src/domain/order.ts'
import { OrderStream } from '../src/domain/order-stream.ts'

const orderIn = (status: Order['status'], updated_at: string): Order => ({
  id: randomUUID(),
  user_id: randomUUID(),
  status,
  total_amount: 0,
  shipping_address: null,
  cancelled_at: null,
  cancel_reason: null,
  reject_reason: null,
  created_at: new Date('2026-01-01'),
  updated_at: new Date(updated_at),
  items: [],
})

const statusesIn = (body: string): string[] =>
  [...body.matchAll(/"status":"(\w+)"/g)].map(([, status = '']) => status)

t.test('a state after the decision does not break a stream that is not read yet', async (t) => {
  const stream = new OrderStream(undefined)
  stream.show(orderIn('confirmed', '2026-01-02'))
  stream.show(orderIn('cancelled', '2026-01-03'))
  t.strictSame(statusesIn(await text(stream)), ['confirmed'])
})

t.test('a state after the end of the service does not break a stream', async (t) => {
  const stream = new OrderStream(undefined)
  stream.show(orderIn('pending', '2026-01-02'))
  stream.end()
  stream.show(orderIn('confirmed', '2026-01-03'))
  t.strictSame(statusesIn(await text(stream)), ['pending'])
})

t.test('a heartbeat after the end does not break a stream', async (t) => {
  const stream = new OrderStream(undefined)
  t.equal(String(stream.read()), 'retry: 1000\n\n')
  stream.end()
  stream.beat()
  t.equal(await text(stream), '')
})

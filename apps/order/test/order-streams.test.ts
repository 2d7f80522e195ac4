import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Statement } from '@flash-deal/db'
import { type BuildOptions, buildApp, freshDatabase, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { order } from '../src/app.ts'
import type { Order } from '../src/domain/order.ts'
import { OrderStream } from '../src/domain/order-stream.ts'
import { readOrder } from '../src/storage/existing-order.ts'

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

/** A stream of an order that another process decides: without Kafka, this one decides none. */
const openStream = async (t: Test, options: BuildOptions = {}) => {
  const database = await freshDatabase()
  t.teardown(() => database.drop())
  const sql = postgres(database.adminUrl, { max: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  const often = { ORDER_STREAM_HEARTBEAT_MS: '100', ORDER_STREAM_POLL_MS: '100' }
  const settings = { ...often, ...options.settings }
  const app = await buildApp(t, 'order', fp(order), { ...options, database, settings })
  const id = randomUUID()
  await sql`
    insert into orders.orders (id, user_id, status, total_amount)
    values (${id}, ${randomUUID()}, 'pending', 0)`
  const decide = () =>
    sql`update orders.orders set status = 'confirmed', updated_at = now() where id = ${id}`
  const stream = app.followOrder(await readOrder(app.db, id), undefined)
  return { app, stream, decide }
}

/** Delays each poll until `ready` resolves. */
const interceptPolls = (t: Test, { db }: FastifyInstance, ready: () => Promise<void>) => {
  const query = db.query.bind(db)
  const value = async (statement: Statement, args: readonly unknown[]) => {
    if (statement.name === 'order_list_states') await ready()
    return query(statement, args)
  }
  return t.intercept(db, 'query', { value })
}

t.test('the next poll starts after the previous one has ended', async (t) => {
  const { app, stream, decide } = await openStream(t)
  const held = Promise.withResolvers<void>()
  let polls = 0
  interceptPolls(t, app, () => {
    polls += 1
    return held.promise
  })
  let sent = ''
  stream.on('data', (chunk) => {
    sent += chunk
  })
  await until(() => polls > 0)
  // The heartbeats have the same interval as the polls.
  const heartbeats = () => sent.split('\n').filter((line) => line === ':').length
  const before = heartbeats()
  await until(() => heartbeats() >= before + 5)
  t.equal(polls, 1)
  await decide()
  held.resolve()
  await once(stream, 'close')
  t.strictSame(statusesIn(sent), ['pending', 'confirmed'])
})

t.test('a failed poll is logged, and the next one finds the decision', async (t) => {
  const lines: string[] = []
  const logStream = { write: (line: string) => void lines.push(line) }
  const { app, stream, decide } = await openStream(t, {
    logStream,
    settings: { LOG_LEVEL: 'warn' },
  })
  const away = interceptPolls(t, app, () => Promise.reject(new Error('the database is away')))
  await until(() => lines.some((line) => line.includes('A round failed: order-poll')))
  await decide()
  away.restore()
  t.strictSame(statusesIn(await text(stream)), ['pending', 'confirmed'])
})

import { AdaptiveLimit } from '@flash-deal/service'
import t from 'tap'
import { FairLimit } from '../src/domain/fair-limit.ts'

const limitOf = (max: number): FairLimit =>
  new FairLimit(new AdaptiveLimit({ initial: max, min: 1, max, lateMs: 60_000 }))

const beginAll = (limit: FairLimit, clients: string) =>
  Array.from(clients, (client) => limit.begin(client))

t.test('below the limit no client is rejected', async (t) => {
  const limit = limitOf(3)
  beginAll(limit, 'aa')
  t.equal(limit.refusal('a'), undefined)
})

t.test('at the limit a client with its share or more is rejected, others are not', async (t) => {
  const limit = limitOf(4)
  beginAll(limit, 'aaaa')
  t.match(limit.refusal('a'), { code: 'SERVICE_UNAVAILABLE', retryAfterS: 1 })
  t.equal(limit.refusal('b'), undefined)
  beginAll(limit, 'b')
  t.equal(limit.refusal('b'), undefined)
  beginAll(limit, 'b')
  t.ok(limit.refusal('b'), 'it has two of four')
})

t.test('equal clients do not exceed the limit together', async (t) => {
  const limit = limitOf(7)
  const count = { a: 0, b: 0, c: 0 }
  for (let turn = 0; turn < 100; turn += 1)
    for (const client of ['a', 'b', 'c'] as const) {
      if (limit.refusal(client)) continue
      limit.begin(client)
      count[client] += 1
    }
  t.equal(count.a + count.b + count.c, 7)
})

t.test('the requests that have ended do not count', async (t) => {
  const limit = limitOf(2)
  const [end] = beginAll(limit, 'aa')
  t.ok(limit.refusal('a'))
  end?.(false)
  t.equal(limit.refusal('a'), undefined)
  beginAll(limit, 'a')
  t.ok(limit.refusal('a'))
})

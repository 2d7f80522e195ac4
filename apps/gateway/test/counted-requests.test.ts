import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { CountedRequests } from '../src/domain/counted-requests.ts'

/** A counted request, and the values with which it has ended. */
const startCounted = (t: Test) => {
  const all = new CountedRequests(60_000)
  t.teardown(() => all.stop())
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const ends: (boolean | undefined)[] = []
  all.add(request, response, (hasFailed) => ends.push(hasFailed))
  return { response, ends }
}

for (const [status, hasFailed] of [
  [200, false],
  [401, undefined],
  [503, false],
  [504, true],
] as const) {
  t.test(`a request ends once, when its response ${status} has been written`, async (t) => {
    const { response, ends } = startCounted(t)
    response.statusCode = status
    response.emit('prefinish')
    response.emit('close')
    t.strictSame(ends, [hasFailed])
  })
}

t.test('the duration of a request whose client has disconnected does not count', async (t) => {
  const { response, ends } = startCounted(t)
  response.emit('close')
  t.strictSame(ends, [undefined])
})

t.test('a request whose body is slow ends without its response', async (t) => {
  const all = new CountedRequests(1)
  t.teardown(() => all.stop())
  const request = new IncomingMessage(new Socket())
  const ends: unknown[] = []
  all.add(request, new ServerResponse(request), (hasFailed) => ends.push(hasFailed))
  await until(() => ends.length > 0)
  t.strictSame(ends, [undefined])
})

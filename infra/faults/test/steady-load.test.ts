import t from 'tap'
import { backToNormalAt, poorlyServed, servedBetween, type TimedRequest } from '../steady-load.ts'

/** Detection of the time at which the service is back to normal. */

/** 20 requests per second; each receives its order after `afterMs`, or has an unknown outcome. */
const requests = (from: number, to: number, afterMs: number | undefined): TimedRequest[] =>
  Array.from({ length: (to - from) / 50 }, (_, n) => {
    const sentAt = from + n * 50
    return afterMs === undefined
      ? { sentAt, answeredAt: sentAt + 50, operation: { outcome: 'unknown' } }
      : { sentAt, answeredAt: sentAt + afterMs, operation: { outcome: 'ok' } }
  })

const recoveredAt = 3_000
const before = requests(0, 1_000, 10)

t.test('without failures after recovery it is normal within half a second', async (t) => {
  t.equal(backToNormalAt([...before, ...requests(3_000, 4_000, 10)], recoveredAt), 3_410)
})

t.test('slow responses delay the time of normal service', async (t) => {
  t.equal(backToNormalAt([...before, ...requests(3_000, 3_500, 2_000)], recoveredAt), 5_400)
})

t.test('failed requests after recovery delay the time of normal service', async (t) => {
  const after = [...requests(3_000, 5_000, undefined), ...requests(5_000, 6_000, 10)]
  t.equal(backToNormalAt([...before, ...after], recoveredAt), 5_410)
})

t.test('requests before recovery are not counted', async (t) => {
  t.equal(backToNormalAt([...before, ...requests(3_000, 3_400, 10)], recoveredAt), undefined)
  t.equal(backToNormalAt(requests(3_000, 4_000, 10), recoveredAt), 3_410)
})

t.test('it is not normal while fewer than 90 % are served', async (t) => {
  const after = requests(3_000, 5_000, 10)
  const served = (each: number) =>
    after.map((request, n) => (n % 10 < each ? request : { sentAt: request.sentAt }))
  t.equal(backToNormalAt(served(8), recoveredAt), undefined)
  t.equal(backToNormalAt(served(9), recoveredAt), 3_410)
})

t.test('more than half of the requests during a fault must be served', async (t) => {
  const half = [...requests(1_000, 2_000, 10), ...requests(2_000, 3_000, undefined)]
  const all = [...before, ...half, ...requests(3_000, 4_000, 10)]
  t.strictSame(servedBetween(all, 1_000, 3_000), { sent: 40, served: 20 })
  t.match(poorlyServed(servedBetween(all, 1_000, 3_000)), [/20 of 40 requests/])
  t.strictSame(poorlyServed(servedBetween(all, 950, 3_000)), [])
  t.match(poorlyServed(servedBetween([], 1_000, 3_000)), [/0 of 0/])
})

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { histogramQuantile, sizeOf } from '../../stats/histogram.ts'
import { mean } from '../../stats/mean.ts'
import { dueTimes, runOpenLoop } from '../open-loop.ts'

/** Latencies count from the moment that a request was due; a queue that is planted is measured. */

type Queue = {
  port: number
  connections: number
  /** When each request arrived. */
  arrivedMs: number[]
  /** When each request was completed, in the order of arrival. */
  answeredMs: number[]
}

/** A server with one clerk: each request takes so long, and the one after it waits. */
const queueOf = async (t: Test, serviceMs: number, status = 200): Promise<Queue> => {
  const queue: Queue = { port: 0, connections: 0, arrivedMs: [], answeredMs: [] }
  const waiting: ServerResponse[] = []
  const serve = () => {
    const [first] = waiting
    if (!first) return
    setTimeout(() => {
      queue.answeredMs.push(performance.now())
      first.writeHead(status).end('right')
      waiting.shift()
      serve()
    }, serviceMs)
  }
  const server = createServer((_, response) => {
    queue.arrivedMs.push(performance.now())
    waiting.push(response)
    if (waiting.length === 1) serve()
  }).listen(0, '127.0.0.1')
  server.on('connection', () => {
    queue.connections += 1
  })
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an address of this kind.
  queue.port = (server.address() as AddressInfo).port
  return queue
}

const templates = [{ wire: 'GET / HTTP/1.1\r\nhost: test\r\n\r\n', status: 200, contains: 'right' }]
const load = (port: number, connections: number, rate = 200, durationMs = 500) =>
  runOpenLoop(
    { port, connections, durationMs, templates, schedule: { rate, spikeFactor: 1 } },
    (at) => {
      begunMs = at
    },
  )

/** Of the last load. */
let begunMs = 0

/** From the times at which requests were due; they are completed in that order. */
const waits = ({ answeredMs }: Queue, rate = 200): number[] =>
  answeredMs.map((at, index) => at - (begunMs + (index * 1_000) / rate))

/** Milliseconds by which a timer may shift a mean. */
const tolerance = 4
/** A busy machine may suspend this process between two timestamps, so the best of some attempts counts. */
const attempts = 5

/** The latencies of a load on a queue that takes `serviceMs` for each request, and the known waits. */
const measured = async (t: Test, serviceMs: number, connections: number, rate = 200) => {
  const results = []
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const queue = await queueOf(t, serviceMs)
    const result = await load(queue.port, connections, rate)
    const known = waits(queue, rate)
    const error = Math.abs(result.latency.meanMs - mean(known))
    results.push({ ...result, known, error })
    if (error < tolerance) break
  }
  const [best] = results.toSorted((one, other) => one.error - other.error)
  if (best === undefined) throw new Error('Nothing was measured.')
  return best
}

for (const connections of [4, 200]) {
  t.test(`a growing queue is measured with ${connections} connections`, async (t) => {
    // 100 requests at 5 ms, each of which takes 8 ms and more: the last waits for a third of a second.
    const { latency, service, requests, dropped, known } = await measured(t, 8, connections)
    t.strictSame([requests, dropped], [100, 0])
    t.ok(mean(known) > 100, `the queue is there: ${mean(known)} ms`)
    t.ok(
      Math.abs(latency.meanMs - mean(known)) < tolerance,
      `${latency.meanMs} ms for ${mean(known)}`,
    )
    const [p90 = 0, knownP90 = 0] = [
      histogramQuantile(latency.histogram, 0.9),
      known.toSorted((one, other) => one - other)[89],
    ]
    t.ok(Math.abs(p90 - knownP90) < 2 * tolerance, `p90 ${p90} ms for ${knownP90}`)
    // With few connections most of the wait is before sending, which service time leaves out.
    const isHidden = (service?.meanMs ?? 0) < latency.meanMs / 2
    t.equal(isHidden, connections === 4, `service time ${service?.meanMs} ms`)
  })
}

t.test('a server that is fast enough has no queue', async (t) => {
  const { latency, known, error } = await measured(t, 1, 50, 100)
  t.ok(error < tolerance, `${latency.meanMs} ms for ${mean(known)}`)
})

t.test('no request is sent before it is due', async (t) => {
  const queue = await queueOf(t, 1)
  const { completed } = await load(queue.port, 50, 230)
  const early = queue.arrivedMs.filter((at, index) => at < begunMs + (index * 1_000) / 230 - 0.001)
  t.equal(queue.arrivedMs.length, completed)
  t.strictSame(early, [])
})

t.test('a server that is fast enough does not have to accept all connections', async (t) => {
  const queue = await queueOf(t, 1)
  const { completed } = await load(queue.port, 200, 100)
  t.equal(completed, 50)
  t.ok(queue.connections < 25, `${queue.connections} connections of at most 200`)
})

t.test('rejected requests have their own latency and are not completed work', async (t) => {
  const queue = await queueOf(t, 1, 503)
  const { completed, others, statuses, latency } = await load(queue.port, 50, 100)
  t.strictSame([completed, sizeOf(latency.histogram)], [0, 0])
  t.strictSame(statuses, { 503: 50 })
  t.equal(sizeOf(others?.shed?.histogram ?? {}), 50)
})

t.test('a spike is three times as much in the middle third', async (t) => {
  const times = dueTimes({ rate: 100, spikeFactor: 3 }, 3_000)
  const within = (from: number) => times.filter((at) => at >= from && at < from + 1_000).length
  t.strictSame(
    [within(0), within(1_000), within(2_000)].map((each) => Math.round(each / 10)),
    [10, 30, 10],
  )
})

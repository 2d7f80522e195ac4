import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sizeOf } from '../../stats/histogram.ts'
import { readPoints } from '../k6-points.ts'

/** What k6 has written becomes an outcome like that of the lab's own generator. */

type Tags = Record<string, string>

const point = (metric: string, value: number, tags: Tags = {}, atMs = 0): string =>
  JSON.stringify({
    metric,
    type: 'Point',
    data: { time: new Date(1_700_000_000_000 + atMs).toISOString(), value, tags },
  })

const read = (t: Test, ...lines: string[]) => {
  const file = join(t.testdir(), 'points.json')
  const definition = '{"type":"Metric","data":{"name":"checks"},"metric":"checks"}'
  writeFileSync(file, `${[definition, ...lines].join('\n')}\n`)
  return readPoints(file)
}

const response = (value: number, status: string, atMs: number, group = '') =>
  point('http_req_duration', value, { status, group }, atMs)

t.test(
  'responses are counted by status; the time is from the first request to the last response',
  async (t) => {
    const outcome = await read(
      t,
      response(20, '200', 100),
      response(30, '200', 180),
      response(10, '503', 300),
    )
    t.match(outcome, { requests: 3, completed: 3, statuses: { 200: 2, 503: 1 }, errors: {} })
    t.equal(outcome.elapsedMs, 220, 'from 80 to 300')
    t.equal(outcome.latency.meanMs, 20)
    t.equal(sizeOf(outcome.latency.histogram), 3)
  },
)

t.test('requests of setup and teardown do not count', async (t) => {
  const outcome = await read(
    t,
    response(500, '201', 0, '::setup'),
    response(5, '200', 900),
    response(500, '200', 2_000, '::teardown'),
  )
  t.match(outcome, { requests: 1, statuses: { 200: 1 }, elapsedMs: 5 })
})

t.test('a request without a response is an error, not completed work', async (t) => {
  const outcome = await read(t, response(5, '200', 10), response(10_000, '0', 20))
  t.match(outcome, { requests: 2, completed: 1, errors: { 'no response': 1 } })
  t.notOk('0' in outcome.statuses)
})

t.test('a response with an unexpected body is not completed work', async (t) => {
  const outcome = await read(
    t,
    response(5, '200', 10),
    point('checks', 1, { check: 'list: responses 200' }),
    point('checks', 0, { check: 'list: holds what it must' }),
  )
  t.match(outcome, { wrongBodies: 1, completed: 0 })
})

t.test('dropped iterations and bytes are summed', async (t) => {
  const outcome = await read(
    t,
    response(5, '200', 10),
    point('dropped_iterations', 1),
    point('dropped_iterations', 2),
    point('data_sent', 100),
    point('data_received', 1_000),
    point('data_received', 500),
  )
  t.match(outcome, { dropped: 3, bytesOut: 100, bytesIn: 1_500 })
})

t.test('without requests all figures are zero', async (t) => {
  t.match(await read(t), { requests: 0, completed: 0, elapsedMs: 0, errors: {} })
})

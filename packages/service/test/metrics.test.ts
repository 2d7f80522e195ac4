import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { appWith } from './app-with.ts'
import { anything, documentOf, json, operation } from './document.ts'

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const document = documentOf({
  '/things/{id}': {
    parameters: [id],
    get: operation({ operationId: 'getThing' }),
    post: operation({ operationId: 'refuseThing', requestBody: json(anything) }),
  },
})
const handlers = {
  getThing: async () => ({}),
  refuseThing: async () => {
    throw new ApiError('SERVICE_UNAVAILABLE')
  },
}

t.test('requests are counted and timed by operation, not by path', async (t) => {
  const { app } = await appWith(t, { document, handlers })
  for (const url of ['/things/1', '/things/2', '/things/2?x=1']) await app.inject(url)
  await app.inject({ method: 'POST', url: '/things/1', payload: {} })
  await app.inject('/nowhere/1')
  await app.inject('/nowhere/2')
  const text = await app.metrics.metrics()
  t.match(text, 'http_requests_total{operation="getThing",status="200"} 3')
  t.match(text, 'http_requests_total{operation="refuseThing",status="503"} 1')
  t.match(text, 'http_requests_total{operation="none",status="404"} 2')
  t.match(text, 'http_request_duration_seconds_count{operation="getThing"} 3')
  t.notMatch(text, /nowhere|things/)
})

t.test('each request is one line at info, except health checks', async (t) => {
  const { app, lines } = await appWith(t, { document, handlers })
  await app.inject('/things/1?token=abc')
  await app.inject('/health')
  await app.inject('/health/ready')
  const completed = lines.filter(({ msg }) => msg === 'request completed')
  const atInfo = completed.filter(({ level }) => level === 30)
  t.match(atInfo, [{ name: 'order', operation: 'getThing', method: 'GET', status: 200 }])
  t.equal(completed.length, 3)
  t.notMatch(JSON.stringify(lines), /token=abc/)
})

t.test('a witness starts at zero and counts the events of a variant', async (t) => {
  const { app } = await appWith(t)
  const hit = app.witness('E2', 'cache_hit')
  app.witness('E2', 'cache_miss')()
  t.notMatch(await app.metrics.metrics(), /cache_hit"} [^0]/)
  hit()
  hit(3)
  hit(0)
  const text = await app.metrics.metrics()
  t.match(text, 'scenario_witness_total{scenario="E2",event="cache_hit"} 4')
  t.match(text, 'scenario_witness_total{scenario="E2",event="cache_miss"} 1')
})

t.test(
  'a witness with an external source is read on each scrape and never decreases',
  async (t) => {
    const { app, lines } = await appWith(t)
    const shown = async (): Promise<string | undefined> =>
      /event="index_scan"} (\d+)/.exec(await app.metrics.metrics())?.[1]
    let count: number | undefined = 5
    app.witnessFrom('M3', ['index_scan'], async () => {
      if (count === undefined) throw new Error('ECONNREFUSED')
      return { index_scan: count }
    })
    t.equal(await shown(), '5')
    count = 7
    t.equal(await shown(), '7')
    count = undefined
    t.equal(await shown(), '7', 'the source fails')
    t.match(
      lines.filter(({ source }) => source === 'M3'),
      [{ level: 40, msg: 'Values for /metrics could not be read', detail: 'ECONNREFUSED' }],
    )
    count = 0
    t.equal(await shown(), '7', 'it was set back')
    count = 2
    t.equal(await shown(), '9')
  },
)

import { errorHandler } from '@flash-deal/errors'
import { metrics } from '@flash-deal/service/metrics'
import { openMetricsFrom } from '@flash-deal/service/open-metrics'
import Fastify from 'fastify'
import t from 'tap'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

const appThat = async (exemplars: boolean) => {
  const app = Fastify()
  await app.register(errorHandler)
  await app.register(metrics, { exemplars })
  app.get('/', async () => 'done')
  const ask = (flags: string) =>
    app.inject({ url: '/', headers: { traceparent: `00-${trace}-00f067aa0ba902b7-${flags}` } })
  return { app, ask }
}

t.test('the family of a counter has no `_total`, and the page ends with EOF', async (t) => {
  const page = [
    '# HELP orders_total Orders',
    '# TYPE orders_total counter',
    'orders_total{outcome="confirmed"} 3',
    '',
    '# HELP units Units',
    '# TYPE units gauge',
    'units 1',
    '',
  ]
  t.strictSame(
    openMetricsFrom(page.join('\n'), new Map([['units', '# {a="b"} 1 2']])).split('\n'),
    [
      '# HELP orders Orders',
      '# TYPE orders counter',
      'orders_total{outcome="confirmed"} 3',
      '# HELP units Units',
      '# TYPE units gauge',
      'units 1 # {a="b"} 1 2',
      '# EOF',
      '',
    ],
  )
})

t.test('a bucket has the trace of its last request, if that is recorded', async (t) => {
  const { app, ask } = await appThat(true)
  await ask('01')
  const exemplar = new RegExp(
    `^http_request_duration_seconds_bucket\\{operation="GET /",le="[\\d.]+"\\} 1 # \\{trace_id="${trace}"\\} [\\d.e-]+ [\\d.]+$`,
    'gm',
  )
  const page = (await app.openMetrics?.()) ?? ''
  t.equal(page.match(exemplar)?.length, 1)
  t.notMatch(await app.metrics.metrics(), trace)
})

t.test('a trace that is not recorded is not an exemplar', async (t) => {
  const { app, ask } = await appThat(true)
  await ask('00')
  t.notMatch(await app.openMetrics?.(), trace)
})

t.test('without telemetry there is no page in OpenMetrics', async (t) => {
  const { app, ask } = await appThat(false)
  await ask('01')
  t.equal(app.openMetrics, undefined)
})

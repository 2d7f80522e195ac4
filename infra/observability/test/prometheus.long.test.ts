import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { environment } from '@flash-deal/config'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { servers } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'
import { metricsIn, metricTable } from '../metric-list.ts'
import { alertsAndRules, dashboardQueries, selectorsIn } from './expressions.ts'
import { type OwnPrometheus, ownPrometheus } from './own-prometheus.ts'
import { promtool, skip } from './promtool.ts'
import { type SmallSale, smallSale } from './small-sale.ts'

/** A real sale, scraped by a real Prometheus with the rules of this workspace. */

const services = ['gateway', 'auth', 'product', 'order'] as const

/** Without Java and Maven there is no Kafka, and no expression about it is checked. */
const kafka = servers().kafka !== undefined
const ofKafka = /kafka_|orders_pending/
if (!kafka) t.comment('Kafka is not installed: what reads its metrics is not checked.')

/** All scenarios, so that the metrics of each are there. */
const settings = {
  SCENARIOS: kafka ? 'all,h2' : 'all',
  // H2 has batches of its own.
  ...(kafka && { SCENARIO_M8: 'baseline' }),
  INVARIANTS_INTERVAL_MS: '500',
  SWEEP_INTERVAL_MS: '500',
  LOG_LEVEL: 'fatal',
  // Spans are recorded, and lost: only the exemplars of the metrics matter here.
  TELEMETRY: 'on',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
}

const metricsAddress = (stack: Stack, service: (typeof services)[number]): string => {
  const { hostname, port } = new URL(stack.addresses[service])
  return `${hostname}:${Number(port) + 1_000}`
}

const pagesOf = async (stack: Stack): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      services.map(async (service) => {
        const response = await fetch(`http://${metricsAddress(stack, service)}/metrics`)
        return [service, await response.text()] as const
      }),
    ),
  )

/** Buys now and then until the condition holds, for at most this time. */
const withinMs = 20_000
const buyingUntil = async (sale: SmallSale, condition: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + withinMs
  do {
    await sale.buy()
    await pause(200)
  } while (!(await condition()) && performance.now() < deadline)
}

/** A number other than NaN, which is what 0 / 0 gives. */
const hasData = async (prometheus: OwnPrometheus, expr: string): Promise<boolean> =>
  (await prometheus.query(expr)).some(({ value: [, number] }) => number !== 'NaN')

const withoutData = async (
  prometheus: OwnPrometheus,
  exprs: readonly string[],
): Promise<string[]> => {
  const has = await Promise.all(exprs.map((expr) => hasData(prometheus, expr)))
  return exprs.filter((_, index) => !has[index])
}

const isChecked = (expr: string): boolean => kafka || !ofKafka.test(expr)

t.test('a sale as Prometheus sees it', { skip, timeout: 180_000 }, async (t) => {
  const stack = await startStack({ settings })
  t.teardown(() => stack.end())
  const addresses = services.map((each) => [each, metricsAddress(stack, each)] as const)
  const prometheus = await ownPrometheus(Object.fromEntries(addresses))
  t.teardown(() => prometheus.end())
  const sale = await smallSale(stack.url)

  await t.test('every query of the dashboards returns data', async (t) => {
    const queries = dashboardQueries().filter(isChecked)
    let missing = queries
    await buyingUntil(sale, async () => {
      missing = await withoutData(prometheus, missing)
      return missing.length === 0
    })
    t.ok(queries.length > 20)
    t.strictSame(missing, [])
  })

  await t.test('everything that alerts and recorded series read is there', async (t) => {
    const selectors = [...new Set(alertsAndRules().flatMap(selectorsIn))].filter(isChecked)
    let missing = selectors
    await buyingUntil(sale, async () => {
      missing = await withoutData(prometheus, missing)
      return missing.length === 0
    })
    t.ok(selectors.length > 10)
    t.strictSame(missing, [])
  })

  await t.test('durations have exemplars with the ids of traces', async (t) => {
    const now = Date.now() / 1_000
    const query = `query=http_request_duration_seconds_bucket&start=${now - 60}&end=${now + 1}`
    type Series = { seriesLabels: { service: string }; exemplars: { labels: object }[] }
    const series = await prometheus.get<Series[]>(`/api/v1/query_exemplars?${query}`)
    const found = new Set(series.map(({ seriesLabels }) => seriesLabels.service))
    t.strictSame([...found].sort(), ['auth', 'gateway', 'order', 'product'])
    t.match(series[0]?.exemplars[0]?.labels, { trace_id: /^[0-9a-f]{32}$/ })
  })

  await t.test('Prometheus could evaluate every rule, and no alert fires', async (t) => {
    type Rules = { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
    const { groups } = await prometheus.get<Rules>('/api/v1/rules')
    const rules = groups.flatMap((group) => group.rules)
    t.strictSame(
      rules.filter(({ health }) => health !== 'ok'),
      [],
    )
    t.strictSame(await prometheus.query('ALERTS{alertstate="firing"}'), [])
  })

  await t.test('the counters agree with the tables', async (t) => {
    const sql = postgres(stack.adminUrl, { max: 1 })
    t.teardown(() => sql.end({ timeout: 1 }))
    const [stored] = await sql<{ orders: number; cancelled: number; refused: number }[]>`
      select
        count(*) filter (where status in ('confirmed', 'cancelled'))::int as orders,
        count(*) filter (where status = 'cancelled')::int as cancelled
      from orders.orders`
    const { order = '', gateway = '' } = await pagesOf(stack)
    const outcome = (name: string) => numberIn(order, `orders_total{outcome="${name}"}`)
    t.strictSame(
      { confirmed: outcome('confirmed'), cancelled: outcome('cancelled') },
      { confirmed: sale.orders, cancelled: sale.cancelled },
    )
    t.match(stored, { orders: sale.orders, cancelled: sale.cancelled })
    t.equal(outcome('insufficient_stock'), 1)
    t.equal(outcome('purchase_limit_exceeded'), 1)
    const status = kafka ? 202 : 201
    t.equal(
      numberIn(gateway, `http_requests_total{operation="POST /orders",status="${status}"}`),
      sale.orders,
    )
  })

  await t.test('promtool finds nothing to improve in the metrics', async (t) => {
    for (const [service, page] of Object.entries(await pagesOf(stack))) {
      const { code, printed } = await promtool(['check', 'metrics'], page)
      t.equal(code, 0, `${service}: ${printed}`)
    }
  })

  await t.test(
    'docs/telemetry.md lists every metric',
    { skip: !kafka && 'there is no Kafka' },
    async (t) => {
      const file = join(import.meta.dirname, '../../../docs/telemetry.md')
      const text = readFileSync(file, 'utf8')
      t.match(text, '<!-- /metrics -->')
      const table = metricTable(metricsIn(await pagesOf(stack)))
      const written = text.replace(
        /(<!-- metrics -->)[\s\S]*?(<!-- \/metrics -->)/,
        (_, begin: string, end: string) => `${begin}\n${table}\n${end}`,
      )
      if (environment().UPDATE_DOCS === '1') writeFileSync(file, written)
      t.equal(readFileSync(file, 'utf8'), written, 'UPDATE_DOCS=1 writes the table')
    },
  )

  await t.test('a unit that is lost from the books fires the alert', async (t) => {
    const sql = postgres(stack.adminUrl, { max: 1 })
    t.teardown(() => sql.end({ timeout: 1 }))
    await sql`update product.products set stock = stock - 1 where name = 'Teapot'`
    const firing = 'ALERTS{alertname="InvariantViolated",alertstate="firing"}'
    await buyingUntil(sale, () => hasData(prometheus, firing))
    t.match(await prometheus.query(firing), [{ metric: { service: 'product', invariant: 'I2' } }])
  })
})

const numberIn = (page: string, sample: string): number | undefined => {
  const line = page.split('\n').find((each) => each.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length))
}

import t from 'tap'
import { appWith } from './app-with.ts'

t.test('a gauge of the database is read once for concurrent scrapes', async (t) => {
  const { app } = await appWith(t)
  let reads = 0
  app.figures({
    source: 'stock',
    gauges: { units: { help: 'Units', labels: ['deal'] }, deals: { help: 'Deals' } },
    read: async () => {
      reads += 1
      return { units: [{ value: 3, labels: { deal: 'a' } }], deals: [{ value: 1 }] }
    },
  })
  t.equal(reads, 0, 'nothing was scraped')
  const pages = await Promise.all([app.metrics.metrics(), app.metrics.metrics()])
  for (const page of pages) {
    t.match(page, '\nunits{deal="a"} 3\n')
    t.match(page, '\ndeals 1\n')
    t.match(page, '# TYPE units gauge\n')
  }
  await app.metrics.metrics()
  t.equal(reads, 1)
})

t.test('a gauge that cannot be read is missing; the failure is counted and logged', async (t) => {
  const { app, lines } = await appWith(t)
  app.figures({
    source: 'stock',
    gauges: { units: { help: 'Units' } },
    read: () => Promise.reject(new Error('ECONNREFUSED')),
  })
  const failures = 'figure_reads_failed_total{source="stock"}'
  const page = await app.metrics.metrics()
  t.notMatch(page, /^units /m)
  t.match(await app.metrics.metrics(), `${failures} 1`)
  t.match(
    lines.filter(({ source }) => source === 'stock'),
    [{ level: 40, msg: 'Values for /metrics could not be read', detail: 'ECONNREFUSED' }],
  )
})

t.test('the sizes of batches are exported from the start', async (t) => {
  const { app } = await appWith(t)
  const observe = app.batchSizes('orders')
  app.batchSizes('calls')
  t.match(await app.metrics.metrics(), 'batch_items_count{batch="orders"} 0')
  observe(7)
  observe(50)
  const page = await app.metrics.metrics()
  t.match(page, 'batch_items_bucket{le="10",batch="orders"} 1')
  t.match(page, 'batch_items_sum{batch="orders"} 57')
  t.match(page, 'batch_items_count{batch="calls"} 0')
})

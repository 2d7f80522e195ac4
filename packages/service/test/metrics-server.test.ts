import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { metricsServer, sharedPage } from '@flash-deal/service/metrics-server'
import { Registry } from 'prom-client'
import t from 'tap'

t.test('a page is rendered at most four times a second, for any number of requests', async (t) => {
  let rendered = 0
  const page = sharedPage(async () => `page ${++rendered}`)
  const begin = performance.now()
  const asked: Promise<string>[] = []
  while (performance.now() - begin < 600) {
    for (let request = 0; request < 20; request++) asked.push(page())
    await pause(5)
  }
  const pages = new Set(await Promise.all(asked))
  t.ok(asked.length > 200)
  const elapsedMs = performance.now() - begin
  t.ok(rendered <= Math.ceil(elapsedMs / 250) + 1, `${rendered} pages in ${elapsedMs} ms`)
  t.ok(pages.size >= 2)
})

t.test('a page is never older than the request for it', async (t) => {
  let count = 0
  const page = sharedPage(async () => String(count))
  for (let round = 1; round <= 3; round++) {
    count = round
    t.equal(await page(), String(round))
  }
})

t.test('a page that cannot be rendered is a 500, and the next one is rendered again', async (t) => {
  const registry = new Registry()
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  const server = metricsServer(registry, { failed }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
  const render = registry.metrics
  registry.metrics = async () => {
    throw new Error('out of memory')
  }
  t.equal((await fetch(`${url}/metrics`)).status, 500)
  t.match(failures, [{ message: 'out of memory' }])
  registry.metrics = render
  const answer = await fetch(`${url}/metrics`)
  t.match(answer.headers.get('content-type'), 'text/plain; version=0.0.4')
  t.match(await answer.text(), /^nodejs_eventloop_seconds_total\{state="active"\} \d/m)
  t.equal((await fetch(`${url}/other`)).status, 404)
})

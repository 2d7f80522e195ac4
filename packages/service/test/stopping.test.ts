import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { endOf, freePort, startChild } from './child.ts'
import { until } from './until.ts'

const message = async (child: ChildProcess, expected: string): Promise<void> => {
  const [received] = await once(child, 'message')
  if (received !== expected) throw new Error(`The service sent "${received}".`)
}

const start = async (t: Test, drainMs: number) => {
  const port = await freePort()
  const child = startChild(t, { AUTH_PORT: String(port), DRAIN_MS: String(drainMs) })
  await message(child, 'listening')
  const url = `http://127.0.0.1:${port}`
  const metricsUrl = `http://127.0.0.1:${port + 1_000}`
  await until(() => isAnswering(`${metricsUrl}/metrics`))
  return { child, url, metricsUrl }
}

const isAnswering = async (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  )

const isRefused = async (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  )

t.test('metrics have their own port, 1,000 above, with nothing else', async (t) => {
  const { url, metricsUrl } = await start(t, 0)
  await fetch(`${url}/health`)
  const response = await fetch(`${metricsUrl}/metrics`)
  t.match(response.headers.get('content-type'), 'text/plain')
  const text = await response.text()
  t.match(text, 'http_requests_total{operation="health",status="200"} 1')
  t.match(text, 'process_resident_memory_bytes')
  t.equal((await fetch(`${metricsUrl}/health`)).status, 404)
  t.equal((await fetch(`${url}/metrics`)).status, 404)
})

t.test(
  'on a signal readiness becomes false first, while requests are still accepted',
  async (t) => {
    const { child, url } = await start(t, 8_000)
    t.equal((await fetch(`${url}/health/ready`)).status, 200)
    child.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    const response = await fetch(`${url}/health`)
    t.equal(response.status, 200)
    t.equal(response.headers.get('connection'), 'close')
  },
)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal}: a request in flight completes, then the process exits with 0`, async (t) => {
    const { child, url, metricsUrl } = await start(t, 0)
    const holding = message(child, 'holding')
    const answer = fetch(`${url}/hold`)
    await holding
    const end = endOf(child)
    child.kill(signal)
    await until(() => isRefused(`${url}/health`))
    child.send('answer now')
    const response = await answer
    t.equal(response.status, 200)
    t.strictSame(await response.json(), { isOpen: true }, 'nothing was closed before')
    t.equal((await end).code, 0)
    t.ok(await isRefused(`${metricsUrl}/metrics`), 'the metrics port is closed')
  })
}

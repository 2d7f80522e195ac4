import { registerHooks } from 'node:module'
import { readSettings, resolveScenarios } from '@flash-deal/config'
import t from 'tap'

/** Without a collector nothing of the SDK is loaded. In a process of its own: what starts, stays. */

const loaded: string[] = []
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.push(url)
    return nextLoad(url, context)
  },
})
const { inSpan, isTracing, startTelemetry, storedTraceparent } = await import(
  '@flash-deal/telemetry'
)

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const start = (environment: Record<string, string>) =>
  startTelemetry({
    name: 'order',
    settings: readSettings('order', environment),
    scenarios: resolveScenarios({}, {}).scenarios,
  })

const isSdk = (url: string): boolean => /@opentelemetry\/(?!api\/)/.test(url)

t.test('it is off by default, and with TELEMETRY=off', async (t) => {
  for (const environment of [
    {},
    { TELEMETRY: 'off', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
  ]) {
    const telemetry = await start(environment)
    t.equal(isTracing(), false)
    t.strictSame(loaded.filter(isSdk), [])
    t.equal(storedTraceparent(traceparent), null)
    t.equal(await inSpan('name', {}, async (span) => span === undefined), true)
    await telemetry.stop()
  }
})

t.test('with an address of a collector it is on', async (t) => {
  const telemetry = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  t.equal(isTracing(), true)
  t.not(loaded.filter(isSdk).length, 0)
  t.equal(storedTraceparent(traceparent), traceparent)
  t.equal(storedTraceparent(traceparent.replace(/01$/, '00')), null)
  await telemetry.stop()
})

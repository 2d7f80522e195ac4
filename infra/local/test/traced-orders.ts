import { randomUUID } from 'node:crypto'
import { until } from '@flash-deal/testing'
import type { Test } from 'tap'
import type { StackOptions } from '../stack/prepare.ts'
import { startStack } from '../stack.ts'
import { OtlpReceiver, pathTo, type Span } from './otlp-receiver.ts'
import { briskSettings, type Shop } from './shop.ts'
import { within } from './within.ts'

/** Orders whose spans a receiver collects. */

/** A system that sends its spans to a receiver. */
export const open = async (t: Test, settings: StackOptions['settings']) => {
  const receiver = await OtlpReceiver.start()
  t.teardown(() => receiver.close())
  const lines: string[] = []
  const stack = await startStack({
    settings: { ...briskSettings, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...settings },
    onLine: (_name, line) => lines.push(line),
  })
  t.teardown(() => stack.end())
  return { receiver, stack, lines }
}

export type Bought = { status: number; requestId: string; body: { id: string } }

export const buy = async (
  { stack, token, productId }: Shop,
  traceparent?: string,
): Promise<Bought> => {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
    ...(traceparent && { traceparent }),
  }
  const body = JSON.stringify({ items: [{ product_id: productId, quantity: 1 }] })
  const answer = await fetch(`${stack.url}/orders`, { method: 'POST', headers, body })
  const requestId = answer.headers.get('x-request-id') ?? ''
  return { status: answer.status, requestId, body: (await answer.json()) as { id: string } }
}

/** The spans of a request's trace that have arrived so far. */
export const traceOf = (receiver: OtlpReceiver, requestId: string): Span[] => {
  const all = receiver.spans
  const first = all.find((span) => span.attributes['flash_deal.request_id'] === requestId)
  return all.filter(({ traceId }) => traceId === first?.traceId)
}

/** Waits until the trace has these spans, each a child of the previous one, starting with the root. */
export const has = async (t: Test, spans: () => readonly Span[], path: readonly string[]) => {
  const paths = () => spans().map((span) => pathTo(spans(), span).join(' > '))
  const isThere = () => paths().includes(path.join(' > '))
  await until(isThere, `${path.at(-1)} has arrived`).catch(() => {})
  t.ok(isThere(), `${path.at(-1)} is where it belongs`, { found: paths().sort() })
}

/** The spans of an order until order has it. */
export const placing = [
  'gateway SERVER POST /orders',
  'gateway CLIENT POST /orders',
  'order-service SERVER POST /orders',
]

/** Places orders sequentially, and returns the duration. */
const buyTwenty = async (t: Test, shop: Shop): Promise<number> => {
  const begin = performance.now()
  for (let order = 0; order < 20; order++) t.equal((await buy(shop)).status, 201)
  return performance.now() - begin
}

/**
 * Starts order again with a collector that cannot be used: orders are placed in the usual time, and
 * the service stops in time.
 *
 * @param lines of the log
 */
export const ordersGoOn = async (
  t: Test,
  { shop, lines }: { shop: Shop; lines: string[] },
  collector: string,
): Promise<void> => {
  const { stack } = shop
  const usualMs = await buyTwenty(t, shop)
  lines.length = 0
  await stack.supervisor.stop('order')
  await stack.restart('order', { TELEMETRY: 'on', OTEL_EXPORTER_OTLP_ENDPOINT: collector })
  const tookMs = await buyTwenty(t, shop)
  // If each waited for an export, they would take 40 seconds more.
  t.ok(tookMs < usualMs + 20_000, `${Math.round(tookMs)} ms, usually ${Math.round(usualMs)}`)
  const reports = () => lines.filter((line) => line.includes('Spans could not be exported'))
  await until(() => reports().length > 0, 'it was logged')
  stack.supervisor.kill('order', 'SIGTERM')
  t.equal((await within(10_000, stack.supervisor.exited('order')))?.code, 0)
  t.equal(reports().length, 1, 'it is reported at most once a minute')
}

import type { IncomingHttpHeaders, Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import { http } from './node-http.ts'

type Page = { type: string; text: () => Promise<string> }

export type MetricsServerOptions = {
  /** Renders the page for clients that accept OpenMetrics. */
  openMetrics?: (() => Promise<string>) | undefined
  /** Called if a page could not be rendered; its response is 500. */
  failed: (error: unknown) => void
}

/** Serves `/metrics`, with the metrics of the process itself. */
export const metricsServer = (
  registry: Registry,
  { openMetrics, failed }: MetricsServerOptions,
): Server => {
  showProcess(registry)
  const plain = { type: registry.contentType, text: sharedPage(() => registry.metrics()) }
  const rich = openMetrics && { type: openMetricsType, text: sharedPage(openMetrics) }
  const pageFor = ({ accept = '' }: IncomingHttpHeaders): Page =>
    rich !== undefined && accept.includes('application/openmetrics-text') ? rich : plain
  const server = http.createServer(limits, async ({ url, headers }, response) => {
    if (url !== '/metrics') return response.writeHead(404).end()
    try {
      const { type, text } = pageFor(headers)
      const page = await text()
      response.writeHead(200, { 'content-type': type }).end(page)
    } catch (error) {
      failed(error)
      response.writeHead(500).end()
    }
  })
  server.maxConnections = connectionsMax
  return server
}

const openMetricsType = Registry.OPENMETRICS_CONTENT_TYPE
const limits = { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 }
const connectionsMax = 100

/** The minimum time from the start of a rendering to the start of the next one, in milliseconds. */
const apartMs = 250

/**
 * Renders a page at most four times a second, whatever the number of requests: waiting requests share
 * the next page. A page is never older than its requests, so counts before and after a run can be
 * compared.
 */
export const sharedPage = (render: () => Promise<string>): (() => Promise<string>) => {
  let next: Promise<string> | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  const renderInTurn = async (): Promise<string> => {
    await pause(Math.max(0, startedAt + apartMs - performance.now()))
    next = undefined
    startedAt = performance.now()
    return render()
  }
  return () => {
    next ??= renderInTurn()
    return next
  }
}

/** prom-client's default wakes an idle process a hundred times a second, most of its CPU time. */
const lagEveryMs = 100

/** Gauges of prom-client that are named like counters. The same values are exported by type. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

const showProcess = (registry: Registry): void => {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagEveryMs })
  for (const name of misnamed) registry.removeSingleMetric(name)
  new Counter({
    name: 'nodejs_eventloop_seconds_total',
    help: 'Time since the start that the event loop was active, or idle',
    labelNames: ['state'],
    registers: [registry],
    // The difference of two scrapes is the utilization of the event loop between them.
    collect() {
      const { active, idle } = performance.eventLoopUtilization()
      this.reset()
      this.inc({ state: 'active' }, active / 1_000)
      this.inc({ state: 'idle' }, idle / 1_000)
    },
  })
}

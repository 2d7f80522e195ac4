import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import manifest from '../package.json' with { type: 'json' }
import { FailureReports } from './failure-reports.ts'
import type { Telemetry, TelemetryOptions } from './telemetry.ts'

/** The SDK, which `startTelemetry` loads only if spans are recorded. */

/** How long an export may take, in milliseconds. */
const exportMs = 2_000

/** Beyond that, spans are dropped. They are exported when there are 512, or after a second. */
const queued = { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 }

/** The orders in a batch. */
const linksMax = 200

/** How long the last export may take when the process ends, in milliseconds. */
const stopMs = 500

/** @param endpoint the URL of the collector; `/v1/traces` is added */
export const startSdk = (options: TelemetryOptions, endpoint: string): Telemetry => {
  const failures = new FailureReports()
  setGlobalErrorHandler((failure) => failures.add(failure))
  const provider = providerOf(options, endpoint)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    onFailure: (listener) => failures.listen(listener),
    async stop() {
      const late = pause(stopMs, undefined, { ref: false })
      await Promise.race([provider.shutdown().catch(() => {}), late])
    },
  }
}

const providerOf = (options: TelemetryOptions, endpoint: string): TracerProvider => {
  const root = new TraceIdRatioBasedSampler(options.settings.OTEL_TRACES_SAMPLER_ARG)
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportMs })
  const processor = new BatchSpanProcessor({ ...queued, exporter, exportTimeoutMillis: exportMs })
  return new TracerProvider({
    resource: resourceFromAttributes(resourceOf(options)),
    sampler: new ParentBasedSampler({ root }),
    spanLimits: { linkCountLimit: linksMax },
    spanProcessors: [processor],
  })
}

const resourceOf = ({ name, scenarios }: TelemetryOptions): Record<string, string> => ({
  'service.name': name === 'gateway' ? name : `${name}-service`,
  'service.version': manifest.version,
  'service.instance.id': randomUUID(),
  ...Object.fromEntries(
    Object.entries(scenarios).map(([id, variant]) => [
      `flash_deal.scenario.${id.toLowerCase()}`,
      variant,
    ]),
  ),
})

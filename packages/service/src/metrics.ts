import type { ScenarioId } from '@flash-deal/config'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Histogram, Registry } from 'prom-client'
import { type FiguresOptions, figuresIn, type ReadFailed } from './figures.ts'
import { openMetricsFrom } from './open-metrics.ts'
import { OperationTimes } from './operation-times.ts'
import type { WithHeaders } from './trace.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Registry
    /** Renders the metrics in OpenMetrics, with traces as exemplars; undefined without tracing. */
    openMetrics: (() => Promise<string>) | undefined
    /** Counts a response that does not come from Fastify. */
    countResponse(operation: string, response: Timed): void
    /**
     * A counter that proves that the variant of a scenario takes effect, such as E2's cache hits.
     * Returns a function that counts one event, or this many.
     */
    witness(scenario: ScenarioId, event: string): (events?: number) => void
    /** The same for events counted elsewhere. The totals are read on each scrape. */
    witnessFrom(scenario: ScenarioId, events: readonly string[], read: CountsReader): void
    /**
     * A histogram of durations with one label. Returns a function from label value to an observer
     * of milliseconds.
     */
    times(label: string, named: Named): (value: string) => (ms: number) => void
    /** The sizes of batches of one kind. Returns an observer of sizes. */
    batchSizes(kind: string): (items: number) => void
    /** Gauges that are read from the database on a scrape, at most once in five seconds. */
    figures<Name extends string>(options: FiguresOptions<Name>): void
  }
  interface FastifyContextConfig {
    operationId?: string
  }
}

export type MetricsOptions = {
  /** Whether the traces of requests are recorded, so that they are exported as exemplars. */
  exemplars?: boolean
}

/** Counters of requests and of scenario events. */
export const metrics = fp(
  async (app: FastifyInstance, { exemplars = false }: MetricsOptions) => {
    const registry = new Registry()
    app.decorate('metrics', registry)
    const failed: ReadFailed = (error, source) =>
      app.causeLog.write(app.log, error, 'Values for /metrics could not be read', { source })
    const { witness, witnessFrom } = witnessIn(registry, failed)
    app.decorate('witness', witness)
    app.decorate('witnessFrom', witnessFrom)
    app.decorate('times', (label: string, named: Named) => timesIn(registry, label, named))
    app.decorate('batchSizes', batchSizesIn(registry))
    app.decorate('figures', figuresIn(registry, failed))
    const { observe, durations } = requestFigures(registry)
    app.decorate('countResponse', (operation: string, response: Timed) =>
      observe(operation, response, undefined),
    )
    const openMetrics = async () => openMetricsFrom(await registry.metrics(), durations.exemplars())
    app.decorate('openMetrics', exemplars ? openMetrics : undefined)
    const traceOf = exemplars ? recordedTrace : () => undefined
    app.addHook('onResponse', (request, reply, done) => {
      const { config, url } = request.routeOptions
      const operation = config.operationId ?? (url ? `${request.method} ${url}` : 'none')
      observe(operation, reply, traceOf(request.raw))
      done()
    })
  },
  { name: 'metrics', dependencies: ['error-handler'] },
)

/** A response with its duration in milliseconds. */
type Timed = Pick<FastifyReply, 'statusCode' | 'elapsedTime'>

/** Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

const requestFigures = (registry: Registry) => {
  const registers = [registry]
  const answers = new Map<string, Map<number, number>>()
  new Counter({
    name: 'http_requests_total',
    help: 'Responses, by operation and status',
    labelNames: ['operation', 'status'],
    registers,
    collect() {
      this.reset()
      for (const [operation, byStatus] of answers)
        for (const [status, count] of byStatus) this.inc({ operation, status }, count)
    },
  })
  const durations = new OperationTimes({
    name: 'http_request_duration_seconds',
    help: 'Time to the last byte of a response',
    labelNames: ['operation'],
    buckets,
    registers,
  })
  const observe = (operation: string, response: Timed, traceId: string | undefined): void => {
    const { statusCode: status, elapsedTime } = response
    durations.add(operation, elapsedTime / 1000, traceId)
    const byStatus = answers.get(operation)
    if (byStatus) byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
    else answers.set(operation, new Map([[status, 1]]))
  }
  return { observe, durations }
}

const sampled = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f][13579bdf]$/

/** The id of the trace of a request, if it is recorded. */
const recordedTrace = ({ headers }: WithHeaders): string | undefined =>
  sampled.exec(String(headers.traceparent))?.[1]

/** Labels on `/metrics`. */
type Named = { name: string; help: string }

const timesIn = (registry: Registry, label: string, { name, help }: Named) => {
  const registers = [registry]
  const histogram = new Histogram({ name, help, labelNames: [label], buckets, registers })
  return (value: string) => {
    const labelled = histogram.labels(value)
    return (ms: number): void => labelled.observe(ms / 1000)
  }
}

const batchSizesIn = (registry: Registry) => {
  let histogram: Histogram<'batch'> | undefined
  return (kind: string) => {
    // Only a service with batches exports it.
    histogram ??= new Histogram({
      name: 'batch_items',
      help: 'Items that one statement or one call handled together',
      labelNames: ['batch'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
      registers: [registry],
    })
    histogram.zero({ batch: kind })
    const sizes = histogram.labels(kind)
    return (items: number): void => sizes.observe(items)
  }
}

/** Rejects if the source is unavailable. */
type CountsReader = () => Promise<Readonly<Record<string, number>>>

const witnessIn = (registry: Registry, failed: ReadFailed) => {
  const updates: (() => Promise<void>)[] = []
  const counter = new Counter({
    name: 'scenario_witness_total',
    help: 'Events that prove that the variant of a scenario takes effect',
    labelNames: ['scenario', 'event'],
    registers: [registry],
    collect: async () => {
      await Promise.all(updates.map((update) => update()))
    },
  })
  const child = (scenario: ScenarioId, event: string) => {
    const labelled = counter.labels(scenario, event)
    // Exported from the start: a missing counter looks like a variant that is off.
    labelled.inc(0)
    return labelled
  }
  const witness = (scenario: ScenarioId, event: string) => {
    const labelled = child(scenario, event)
    return (events = 1) => labelled.inc(events)
  }
  const witnessFrom = (scenario: ScenarioId, events: readonly string[], read: CountsReader) => {
    const followers = events.map((event) => [event, follower(child(scenario, event))] as const)
    updates.push(async () => {
      const counts = await read().catch((error: unknown) => {
        failed(error, scenario)
        return undefined
      })
      for (const [event, follow] of followers) follow(counts?.[event])
    })
  }
  return { witness, witnessFrom }
}

/** Follows an external counter, also after that counter is reset. */
const follower = (counter: { inc(by: number): void }) => {
  let last = 0
  return (now: number = last): void => {
    counter.inc(Math.max(0, now - last))
    last = now
  }
}

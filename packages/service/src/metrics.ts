import type { ScenarioId } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Histogram, Registry } from 'prom-client'
import { OperationTimes } from './operation-times.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Registry
    /** A counter that proves that the variant of a scenario takes effect, such as E2's cache hits. */
    witness(scenario: ScenarioId, event: string): () => void
    /** The same for events counted elsewhere. The totals are read on each scrape. */
    witnessFrom(scenario: ScenarioId, events: readonly string[], read: CountsReader): void
    /** A histogram of durations with one label. Returns a function from label value to an observer of milliseconds. */
    times(label: string, named: Named): (value: string) => (ms: number) => void
  }
  interface FastifyContextConfig {
    operationId?: string
  }
}

/** Counters of requests and of scenario events. */
export const metrics = fp(
  async (app: FastifyInstance) => {
    const registry = new Registry()
    app.decorate('metrics', registry)
    const { witness, witnessFrom } = witnessIn(registry)
    app.decorate('witness', witness)
    app.decorate('witnessFrom', witnessFrom)
    app.decorate('times', (label: string, named: Named) => timesIn(registry, label, named))
    const observe = requestFigures(registry)
    app.addHook('onResponse', (request, reply, done) => {
      const { config, url } = request.routeOptions
      const operation = config.operationId ?? (url ? `${request.method} ${url}` : 'none')
      observe(operation, reply.statusCode, reply.elapsedTime)
      done()
    })
  },
  { name: 'metrics' },
)

/** Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

const requestFigures = (registry: Registry) => {
  const registers = [registry]
  const answers = new Map<string, Map<number, number>>()
  new Counter({
    name: 'http_requests_total',
    help: 'Answers, by operation and status',
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
    help: 'Time to the last byte of an answer',
    labelNames: ['operation'],
    buckets,
    registers,
  })
  return (operation: string, status: number, elapsedMs: number): void => {
    durations.add(operation, elapsedMs / 1000)
    const byStatus = answers.get(operation)
    if (byStatus) byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
    else answers.set(operation, new Map([[status, 1]]))
  }
}

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

/** Rejects if the source is unavailable. */
type CountsReader = () => Promise<Readonly<Record<string, number>>>

const witnessIn = (registry: Registry) => {
  const updates: (() => Promise<void>)[] = []
  const counter = new Counter({
    name: 'scenario_witness_total',
    help: 'What the variant of a scenario did, as proof that it is on',
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
    return () => labelled.inc()
  }
  const witnessFrom = (scenario: ScenarioId, events: readonly string[], read: CountsReader) => {
    const followers = events.map((event) => [event, follower(child(scenario, event))] as const)
    updates.push(async () => {
      const counts = await read().catch(() => undefined)
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

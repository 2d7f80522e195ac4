import type { Arm, Load, Slice } from '../record.ts'
import { histogramQuantile } from '../stats/histogram.ts'
import { littlesLawDeviation } from '../stats/littles-law.ts'
import { sum } from '../stats/mean.ts'
import { isPrintable } from '../stats/quantile.ts'
import type { ArmSummary, LatencySummary } from '../summary.ts'
import { latencyOver, loadMsOf, meanLatencyMs } from './figures.ts'

/** An arm's figures over all of its slices that count, which are at least one. */
export const armSummary = (
  { name, role }: Arm,
  slices: readonly Slice[],
  load: Load,
): ArmSummary => {
  const total = totalOf(slices, (slice) => slice.completed)
  const durationMs = totalOf(slices, (slice) => slice.durationMs)
  const overTime = (figureOf: (slice: Slice) => number) =>
    totalOf(slices, (slice) => figureOf(slice) * slice.durationMs) / durationMs
  const each = (of: ByName, by: number) => mapped(totals(slices.map(of)), (value) => value / by)
  const littlesLaw = littlesLawOver(slices, load)
  const service = serviceOver(slices)
  return {
    name,
    role,
    slices: slices.length,
    rate: (total / durationMs) * 1000,
    cost: each((slice) => slice.cpu, total),
    counts: each((slice) => slice.counts, total),
    witnesses: each((slice) => slice.witnesses, total),
    latency: latenciesOver(slices),
    ...(service && { service }),
    eventLoop: each(
      ({ eventLoop, durationMs }) => mapped(eventLoop, (busy) => busy * durationMs),
      durationMs,
    ),
    waiting: each((slice) => slice.waitsMs, durationMs),
    serverUtilization: overTime((slice) => slice.serverUtilization),
    generatorUtilization: totalOf(slices, (it) => it.apartCpu.generator) / (durationMs * 1000),
    memory: mostOf(slices.map((slice) => slice.memory)),
    ...(littlesLaw !== undefined && { littlesLaw }),
    ...(slices.some(({ afterCpu }) => afterCpu) && {
      after: each(({ afterCpu = {} }) => afterCpu, total),
    }),
  }
}

type Figures = Readonly<Record<string, number>>
type ByName = (slice: Slice) => Figures

const totalOf = (slices: readonly Slice[], figureOf: (slice: Slice) => number): number =>
  sum(slices.map(figureOf))

const mapped = (figures: Figures, change: (figure: number) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, change(figure)]))

const combined = (
  all: readonly Figures[],
  combine: (one: number, other: number) => number,
): Record<string, number> => {
  const result: Record<string, number> = {}
  for (const [name, figure] of all.flatMap((figures) => Object.entries(figures))) {
    result[name] = combine(result[name] ?? 0, figure)
  }
  return result
}

const totals = (all: readonly Figures[]) => combined(all, (one, other) => one + other)
const mostOf = (all: readonly Figures[]) => combined(all, Math.max)

const latenciesOver = (slices: readonly Slice[]): Record<string, LatencySummary> => {
  const outcomes = new Set(slices.flatMap(({ latency }) => Object.keys(latency)))
  return Object.fromEntries([...outcomes].map((name) => [name, latencySummary(slices, name)]))
}

const printed = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

const latencySummary = (slices: readonly Slice[], outcome: string): LatencySummary =>
  summaryOf(latencyOver(slices, outcome))

/** Latency of the same responses from sending; undefined in a closed loop, where it does not differ. */
const serviceOver = (slices: readonly Slice[]): LatencySummary | undefined => {
  const found = slices.flatMap(({ service }) => (service ? [{ latency: { ok: service } }] : []))
  return found.length === 0 ? undefined : summaryOf(latencyOver(found, 'ok'))
}

const summaryOf = ({ histogram, n, meanMs }: ReturnType<typeof latencyOver>): LatencySummary => {
  const quantilesMs: Record<string, number> = {}
  for (const [name, q] of Object.entries(printed)) {
    const ms = isPrintable(q, n) ? histogramQuantile(histogram, q) : undefined
    if (ms !== undefined) quantilesMs[name] = ms
  }
  return { n, meanMs, quantilesMs }
}

/** Over all slices: mean latency, weighted by responses, and rate. */
const littlesLawOver = (slices: readonly Slice[], load: Load): number | undefined => {
  if (load.mode === 'latency') return undefined
  const requests = totalOf(slices, (slice) => slice.requests)
  const waitedMs = totalOf(slices, (slice) => (meanLatencyMs(slice) ?? 0) * slice.requests)
  return littlesLawDeviation({
    clients: load.clients,
    rate: (requests / totalOf(slices, loadMsOf)) * 1000,
    latencyMs: waitedMs / requests,
    thinkMs: load.mode === 'replay' ? load.thinkMs : 0,
  })
}

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { histogramOf } from '../stats/histogram.ts'
import { sum } from '../stats/mean.ts'
import type { Outcome } from './protocol.ts'

/**
 * The output of `k6 run --out json`: a line for each value of each metric.
 *
 * @see https://grafana.com/docs/k6/latest/results-output/real-time/json/
 */
type Point = {
  metric: string
  type: 'Point'
  data: { time: string; value: number; tags: { group?: string; status?: string; check?: string } }
}

const wanted = ['http_req_duration', 'checks', 'dropped_iterations', 'data_sent', 'data_received']

/** Setup and teardown are outside the window. */
const isOutside = ({ data }: Point): boolean => /^::(setup|teardown)/.test(data.tags.group ?? '')

export const readPoints = async (file: string): Promise<Outcome> => {
  const points = new Map<string, Point['data'][]>(wanted.map((metric) => [metric, []]))
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const metric = /^{"metric":"(\w+)","type":"Point"/.exec(line)?.[1] ?? ''
    const list = points.get(metric)
    const point = list && (JSON.parse(line) as Point)
    if (point && !isOutside(point)) list.push(point.data)
  }
  return outcomeOf((metric) => points.get(metric) ?? [])
}

const outcomeOf = (pointsOf: (metric: string) => Point['data'][]): Outcome => {
  const responses = pointsOf('http_req_duration')
  const latenciesMs = responses.map(({ value }) => value)
  const statuses = countBy(responses, ({ tags }) => tags.status ?? '0')
  const { 0: withoutResponse = 0, ...completed } = statuses
  const failed = pointsOf('checks').filter(({ value }) => value === 0)
  const wrongBodies = failed.filter(({ tags }) => tags.check?.endsWith(holdsWhatItMust)).length
  const total = (metric: string) => sum(pointsOf(metric).map(({ value }) => value))
  return {
    requests: responses.length,
    completed: responses.length - withoutResponse - wrongBodies,
    statuses: completed,
    wrongBodies,
    errors: withoutResponse > 0 ? { 'no response': withoutResponse } : {},
    elapsedMs: spanOf(responses),
    latency: {
      meanMs: sum(latenciesMs) / (responses.length || 1),
      histogram: histogramOf(latenciesMs),
    },
    dropped: total('dropped_iterations'),
    bytesIn: total('data_received'),
    bytesOut: total('data_sent'),
  }
}

/** The suffix that `checked()` in load/scripts/lib gives to checks of a body. */
const holdsWhatItMust = ': holds what it must'

const countBy = <Item>(items: readonly Item[], nameOf: (item: Item) => string) => {
  const counts: Record<string, number> = {}
  for (const name of items.map(nameOf)) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Milliseconds from the first request to the last response; k6 writes a point at the response. */
const spanOf = (responses: readonly Point['data'][]): number => {
  if (responses.length === 0) return 0
  const ends = responses.map(({ time }) => Date.parse(time))
  const begins = responses.map(({ value }, index) => (ends[index] ?? 0) - value)
  const begin = begins.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  return ends.reduce((most, each) => Math.max(most, each), begin) - begin
}

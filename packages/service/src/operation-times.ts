import { Histogram, type HistogramConfiguration } from 'prom-client'

type Row = { counts: number[]; sum: number; count: number; exemplars: Exemplar[] }

/** A request of a bucket, and its trace. */
type Exemplar = { traceId: string; seconds: number; atS: number }

/**
 * A histogram with the label `operation`. prom-client creates, validates and hashes an object for each
 * observation. This class counts in an array, and converts it for prom-client on each scrape.
 */
export class OperationTimes extends Histogram<'operation'> {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #rows = new Map<string, Row>()

  constructor(options: HistogramConfiguration<'operation'> & { buckets: number[] }) {
    super(options)
    this.#name = options.name
    this.#help = options.help
    this.#bounds = options.buckets
  }

  /** @param traceId the trace of the request, if it is recorded */
  add(operation: string, seconds: number, traceId?: string): void {
    const row = this.#rows.get(operation) ?? this.#begin(operation)
    row.count += 1
    row.sum += seconds
    let bucket = this.#bounds.length
    while (bucket > 0 && seconds <= (this.#bounds[bucket - 1] ?? 0)) {
      bucket -= 1
      row.counts[bucket] = (row.counts[bucket] ?? 0) + 1
    }
    if (traceId !== undefined) row.exemplars[bucket] = { traceId, seconds, atS: Date.now() / 1_000 }
  }

  /** The last request of each bucket whose trace is recorded, in OpenMetrics, by the sample. */
  exemplars(): Map<string, string> {
    const texts = new Map<string, string>()
    for (const [operation, { exemplars }] of this.#rows) {
      // An array with holes: `forEach` skips them.
      exemplars.forEach(({ traceId, seconds, atS }, bucket) => {
        const sample = `${this.#name}_bucket{operation="${operation}",le="${this.#bounds[bucket] ?? '+Inf'}"}`
        texts.set(sample, `# {trace_id="${traceId}"} ${seconds} ${atS}`)
      })
    }
    return texts
  }

  #begin(operation: string): Row {
    const row = { counts: this.#bounds.map(() => 0), sum: 0, count: 0, exemplars: [] }
    this.#rows.set(operation, row)
    return row
  }

  /** Called by prom-client on each scrape. Its `collect` cannot set the values of a histogram. */
  async getForPromString() {
    const values = [...this.#rows].flatMap((each) => this.#valuesOf(...each))
    return { name: this.#name, help: this.#help, type: 'histogram', values, aggregator: 'sum' }
  }

  #valuesOf(operation: string, { counts, sum, count }: Row) {
    const sampleOf = (suffix: string, value: number, le?: number | string) => ({
      labels: { operation, ...(le !== undefined && { le }) },
      sharedLabels: {},
      value,
      metricName: `${this.#name}_${suffix}`,
    })
    return [
      ...this.#bounds.map((bound, index) => sampleOf('bucket', counts[index] ?? 0, bound)),
      sampleOf('bucket', count, '+Inf'),
      sampleOf('sum', sum),
      sampleOf('count', count),
    ]
  }
}

import { Histogram, type HistogramConfiguration } from 'prom-client'

type Row = { counts: number[]; sum: number; count: number }

/**
 * A histogram with the label `operation`. prom-client makes an object, checks it and builds a key
 * from it for each observation; this counts in an array, and tells prom-client on each scrape.
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

  add(operation: string, seconds: number): void {
    const row = this.#rows.get(operation) ?? this.#begin(operation)
    row.count += 1
    row.sum += seconds
    for (let index = this.#bounds.length - 1; index >= 0; index -= 1) {
      if (seconds > (this.#bounds[index] ?? 0)) return
      row.counts[index] = (row.counts[index] ?? 0) + 1
    }
  }

  #begin(operation: string): Row {
    const row = { counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
    this.#rows.set(operation, row)
    return row
  }

  /** What prom-client asks a histogram for, on each scrape. */
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

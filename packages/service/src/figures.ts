import { Counter, Gauge, type GaugeConfiguration, type Registry } from 'prom-client'

/** One value of a combination of labels. */
export type Figure = { value: number; labels?: Readonly<Record<string, string>> }

export type FiguresOptions<Name extends string> = {
  /** The label of failed reads. */
  source: string
  /** The gauges, by name. */
  gauges: Readonly<Record<Name, { help: string; labels?: readonly string[] }>>
  /** Reads all gauges. It has its own timeout, and may reject. */
  read: () => Promise<Readonly<Record<Name, readonly Figure[]>>>
}

export type ReadFailed = (error: unknown, source: string) => void

/** The maximum age of the values, in milliseconds. */
const maxAgeMs = 5_000

/**
 * Gauges whose values are in the database. They are read on a scrape, at most once in five seconds. A
 * gauge that could not be read is absent from that scrape, and the failure is counted.
 * @param failed is called with the error and the source of each failed read
 */
export const figuresIn = (registry: Registry, failed: ReadFailed) => {
  const failures = new Counter({
    name: 'figure_reads_failed_total',
    help: 'Failed reads of gauges from the database; the gauges are missing in that scrape',
    labelNames: ['source'],
    registers: [registry],
  })
  return <Name extends string>({ source, gauges, read }: FiguresOptions<Name>): void => {
    failures.inc({ source }, 0)
    const latest = remembered(() =>
      read().catch((error: unknown) => {
        failures.inc({ source })
        failed(error, source)
        return undefined
      }),
    )
    for (const name of Object.keys(gauges) as Name[]) {
      const { help, labels = [] } = gauges[name]
      const figuresNow = async () => (await latest())?.[name] ?? []
      new ReadGauge({ name, help, labelNames: [...labels], registers: [registry] }, figuresNow)
    }
  }
}

/** Concurrent calls, and calls within the maximum age, share one read. */
const remembered = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  let last: Promise<Value> | undefined
  let readAt = 0
  return () => {
    const isOld = performance.now() - readAt > maxAgeMs
    if (last !== undefined && !isOld) return last
    readAt = performance.now()
    last = read()
    return last
  }
}

/** A gauge that stores no values: it reads them on each scrape. */
class ReadGauge extends Gauge {
  readonly #figures: () => Promise<readonly Figure[]>

  constructor(options: GaugeConfiguration<string>, figures: () => Promise<readonly Figure[]>) {
    super(options)
    this.#figures = figures
  }

  override async get() {
    const figures = await this.#figures()
    const values = figures.map(({ value, labels = {} }) => ({ value, labels }))
    return { ...(await super.get()), values }
  }
}

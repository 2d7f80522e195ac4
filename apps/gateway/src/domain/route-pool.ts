import { Bulkhead, type BulkheadOptions, type Deadline, type Leave } from '@flash-deal/service'
import { Agent, type Dispatcher } from 'undici'

export type RoutePoolOptions = BulkheadOptions & {
  /** The largest response that is taken, in bytes. */
  responseLimitBytes: number
}

/** The connections of one class of routes, and the bounded queue before them. */
export class RoutePool {
  readonly #bulkhead: Bulkhead
  /** Whoever holds a place finds a free connection: undici's own queue, which has no end, stays empty. */
  readonly agent: Dispatcher

  constructor({ concurrency, queueMax, responseLimitBytes }: RoutePoolOptions) {
    this.#bulkhead = new Bulkhead({ concurrency, queueMax })
    this.agent = new Agent({
      connections: concurrency,
      connect: { timeout: 1_000 },
      maxResponseSize: responseLimitBytes,
      // The deadline of each request ends it; these would only repeat that less exactly.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** Things that run, and that wait. */
  get load(): { running: number; waiting: number } {
    return this.#bulkhead.load
  }

  /** A place that is free now. */
  tryEnter(): Leave | undefined {
    return this.#bulkhead.tryEnter()
  }

  /** Waits for a place. @throws ApiError as a bulkhead does */
  enter(deadline: Deadline, signal?: AbortSignal): Promise<Leave> {
    return this.#bulkhead.enter(deadline, signal)
  }

  /** Does something that takes one connection. @throws ApiError as a bulkhead does */
  run<Result>(deadline: Deadline, work: () => Promise<Result>): Promise<Result> {
    return this.#bulkhead.run(deadline, work)
  }

  async close(): Promise<void> {
    await this.agent.destroy()
  }
}

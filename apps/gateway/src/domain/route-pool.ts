import {
  amongInstances,
  Bulkhead,
  type BulkheadOptions,
  clientAgent,
  type Deadline,
  type Leave,
} from '@flash-deal/service'
import type { Dispatcher } from 'undici'
import { clientOfAddress } from './client-address.ts'

export type RoutePoolOptions = BulkheadOptions & {
  /** The maximum size of a response, in bytes. */
  responseLimitBytes: number
  /** The addresses of the instances of each service. */
  services: readonly (readonly string[])[]
}

/** The deadline of a request, and the address of its client, with which the other clients take turns. */
export type Requesting = { readonly deadline: Deadline; readonly ip: string }

/** The connections of one route class, and the bounded queue before them. */
export class RoutePool {
  readonly #bulkhead: Bulkhead
  /** A request that holds a place finds a free connection, so undici's own unbounded queue stays empty. */
  readonly agent: Dispatcher

  constructor({ concurrency, queueMax, responseLimitBytes, services }: RoutePoolOptions) {
    this.#bulkhead = new Bulkhead({ concurrency, queueMax })
    const agent = clientAgent({
      connections: concurrency,
      connect: { timeout: 1_000 },
      maxResponseSize: responseLimitBytes,
      // The deadline of each request ends it; these timeouts would be less exact.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    this.agent = amongInstances(agent, services)
  }

  /** The number of running and of waiting requests. */
  get load(): { running: number; waiting: number } {
    return this.#bulkhead.load
  }

  /** Returns a place if one is free now. */
  tryEnter(): Leave | undefined {
    return this.#bulkhead.tryEnter()
  }

  /** Waits for a place. @throws ApiError as a bulkhead does */
  enter({ deadline, ip }: Requesting, signal?: AbortSignal): Promise<Leave> {
    return this.#bulkhead.enter(deadline, { signal, client: clientOfAddress(ip) })
  }

  /** Runs work that uses one connection. @throws ApiError as a bulkhead does */
  run<Result>(by: Requesting, work: () => Promise<Result>): Promise<Result> {
    return this.#bulkhead.run(by.deadline, work, { client: clientOfAddress(by.ip) })
  }

  async close(): Promise<void> {
    await this.agent.destroy()
  }
}

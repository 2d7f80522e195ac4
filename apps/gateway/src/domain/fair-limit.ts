import type { ApiError } from '@flash-deal/errors'
import type { AdaptiveLimit, EndTask } from '@flash-deal/service'

/**
 * Limits the requests in progress. At the limit a client gets 503 if it has its share of it or more;
 * the share is the limit divided by the number of clients with requests in progress. So a client with
 * many requests is rejected before the others. Max-min fairness: Bertsekas and Gallager, "Data
 * Networks", 2nd edition, 6.5.2.
 */
export class FairLimit {
  readonly #limit: AdaptiveLimit
  readonly #running = new Map<string, number>()

  constructor(limit: AdaptiveLimit) {
    this.#limit = limit
  }

  get load(): AdaptiveLimit['load'] {
    return this.#limit.load
  }

  /** The error of a request of this client that would be rejected now. */
  refusal(client: string): ApiError | undefined {
    const refusal = this.#limit.refusal()
    if (refusal === undefined) return undefined
    const running = this.#running.get(client) ?? 0
    const clients = this.#running.size + (running === 0 ? 1 : 0)
    return running < Math.floor(this.load.limit / clients) ? undefined : refusal
  }

  /** Starts a request, also beyond the limit. Call the returned function once. */
  begin(client: string): EndTask {
    const end = this.#limit.begin()
    this.#running.set(client, (this.#running.get(client) ?? 0) + 1)
    return (hasFailed) => {
      end(hasFailed)
      const left = (this.#running.get(client) ?? 0) - 1
      if (left > 0) this.#running.set(client, left)
      else this.#running.delete(client)
    }
  }
}

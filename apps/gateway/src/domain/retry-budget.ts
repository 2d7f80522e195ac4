/** How much one request adds to the budget: at most one retry in ten requests. */
const share = 0.1

/** What may be saved up, so that a quiet time does not pay for a storm. */
const savedMax = 10

/** Bounds retries to a share of the requests, so that they cannot multiply an overload. */
export class RetryBudget {
  #saved = savedMax

  request(): void {
    this.#saved = Math.min(savedMax, this.#saved + share)
  }

  /** Whether a retry may be made now; it is counted. */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved -= 1
    return true
  }
}

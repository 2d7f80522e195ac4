/** How much one request adds to the budget: at most one retry in ten requests. */
const share = 0.1

/** The maximum of the budget, so that a quiet period does not allow a burst of retries. */
const savedMax = 10

/** The delay before a retry, in milliseconds: random, so that retries do not arrive together. */
export const retryDelayMs = (): number => 10 + Math.random() * 20

/** Limits retries to a share of the requests, so that they cannot multiply an overload. */
export class RetryBudget {
  #saved = savedMax

  request(): void {
    this.#saved = Math.min(savedMax, this.#saved + share)
  }

  /** Returns whether a retry is allowed now, and counts it. */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved -= 1
    return true
  }
}

import { ApiError } from '@flash-deal/errors'

/** Runs a bounded number of things at a time, lets a bounded number wait, and sheds the rest. */
export class WorkQueue {
  readonly #concurrency: number
  readonly #queueMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: { concurrency: number; queueMax: number }) {
    this.#concurrency = options.concurrency
    this.#queueMax = options.queueMax
  }

  /** @throws ApiError SERVICE_UNAVAILABLE where too many wait already */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1
      return
    }
    if (this.#waiting.length >= this.#queueMax) throw new ApiError('SERVICE_UNAVAILABLE')
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** The place goes to the one that waits longest, so `#running` stays as it is. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}

/** Concurrent callers with the same key share one execution. */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>()

  /** Whether a new caller joins an execution in progress. */
  has(key: string): boolean {
    return this.#flights.has(key)
  }

  do(key: string, work: () => Promise<Result>): Promise<Result> {
    const underWay = this.#flights.get(key)
    if (underWay) return underWay
    const flight = work().finally(() => {
      // After `forget`, another flight may be stored under this key.
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    this.#flights.set(key, flight)
    return flight
  }

  /** Later callers do not join the execution in progress. */
  forget(): void {
    this.#flights.clear()
  }
}

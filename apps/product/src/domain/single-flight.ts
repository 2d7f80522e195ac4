/** Lets all who ask for the same thing at the same time wait for one piece of work. */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>()

  /** Whether who asks now joins what is under way. */
  has(key: string): boolean {
    return this.#flights.has(key)
  }

  do(key: string, work: () => Promise<Result>): Promise<Result> {
    const underWay = this.#flights.get(key)
    if (underWay) return underWay
    const flight = work().finally(() => {
      // After `forget`, another flight may stand under this key.
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    this.#flights.set(key, flight)
    return flight
  }

  /** Who asks from now on does not join what is under way. */
  forget(): void {
    this.#flights.clear()
  }
}

import { ApiError } from '@flash-deal/errors'

/** Counts what is under way, and sheds what would be too much. */
export class Slots {
  readonly #max: number
  #taken = 0

  constructor(max: number) {
    this.#max = max
  }

  /**
   * Takes a slot; the function it returns gives it back.
   * @throws ApiError SERVICE_UNAVAILABLE where all are taken
   */
  take(): () => void {
    if (this.#taken >= this.#max) {
      throw new ApiError('SERVICE_UNAVAILABLE', { cause: new Error(`${this.#max} are waiting.`) })
    }
    this.#taken += 1
    return () => {
      this.#taken -= 1
    }
  }
}

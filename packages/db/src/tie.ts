import { ApiError } from '@flash-deal/errors'
import { isConnectionLost } from './postgres-error.ts'

/**
 * A transaction's tie to its connection. postgres.js goes on with the work of a transaction whose
 * connection was lost: its next statement, commit or rollback throws where nobody can catch it, or
 * runs on the connection that took the place, in whatever transaction is under way there.
 * @see https://github.com/porsager/postgres/issues/1208
 */
export class Tie {
  #isCut = false

  /** Called when the transaction is over, so that work that still goes on reaches nothing. */
  cut(): void {
    this.#isCut = true
  }

  /** @throws ApiError SERVICE_UNAVAILABLE where the connection is gone */
  async run<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#isCut) throw lost()
    try {
      return await statement()
    } catch (error) {
      if (isConnectionLost(error)) this.cut()
      throw error
    }
  }

  /** Answers as the work does; never, once cut: then postgres.js has rejected the transaction. */
  async settle<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } finally {
      if (this.#isCut) await new Promise(() => {})
    }
  }
}

const lost = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', {
    cause: new Error('The connection of this transaction was lost.'),
  })

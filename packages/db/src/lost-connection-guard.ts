import { ApiError } from '@flash-deal/errors'
import { isConnectionLost } from './postgres-error.ts'

/**
 * Guards a transaction whose connection is lost. postgres.js continues the work of such
 * a transaction: its next statement, commit or rollback throws where nothing can catch it, or runs on
 * the connection that replaced the lost one, inside whatever transaction is open there.
 * @see https://github.com/porsager/postgres/issues/1208
 */
export class LostConnectionGuard {
  #isLost = false

  /** Also called when the transaction has ended, so that work that still runs sends no statement. */
  markLost(): void {
    this.#isLost = true
  }

  /** @throws ApiError SERVICE_UNAVAILABLE if the connection is lost */
  async run<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#isLost) throw lost()
    try {
      return await statement()
    } catch (error) {
      if (isConnectionLost(error)) this.markLost()
      throw error
    }
  }

  /** Settles as `work` does; never after a loss, because postgres.js rejects the transaction then. */
  async settle<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } finally {
      if (this.#isLost) await new Promise(() => {})
    }
  }
}

const lost = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', {
    cause: new Error('The connection of this transaction was lost.'),
  })

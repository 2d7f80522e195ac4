import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type PeriodicOptions = {
  name: string
  /** The pause before the next round; asked for after each, where it is a function. */
  intervalMs: number | (() => number)
  work: () => Promise<unknown>
}

/**
 * Repeats some work with a pause in between, from when the service is ready until it closes. A
 * round that fails is logged and the next one tries again; rounds never overlap.
 */
export const periodically = fp(
  async (app: FastifyInstance, { name, intervalMs, work }: PeriodicOptions) => {
    const stop = new AbortController()
    let rounds = Promise.resolve()
    app.addHook('onReady', async () => {
      rounds = repeat()
    })
    // Before the database closes, which was registered earlier: hooks run last in, first out.
    app.addHook('onClose', async () => {
      stop.abort()
      await rounds
    })
    const failed = (error: unknown): void =>
      app.causeLog.write(app.log, error, `A round failed: ${name}`, { round: name })
    const repeat = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await work().catch((error: unknown) => failed(error))
        const pauseMs = typeof intervalMs === 'number' ? intervalMs : intervalMs()
        await pause(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
  },
)

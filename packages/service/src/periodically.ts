import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type PeriodicOptions = {
  name: string
  /** The pause before the next round; asked for after each, where it is a function. */
  intervalMs: number | (() => number)
  /** The first round begins when the service is ready; otherwise after one interval. */
  runAtStart?: boolean
  /** One round; it ends soon once the signal is aborted, which it looks at between its steps. */
  work: (stopping: AbortSignal) => Promise<unknown>
}

/**
 * Repeats some work with a pause in between, from when the service is ready until it closes. A
 * round that fails is logged and the next one tries again; rounds never overlap. The last one is told
 * when the service begins to close, and closing waits for it.
 */
export const periodically = fp(
  async (app: FastifyInstance, { name, intervalMs, runAtStart = false, work }: PeriodicOptions) => {
    const stop = new AbortController()
    let rounds = Promise.resolve()
    app.addHook('onReady', async () => {
      rounds = repeat()
    })
    app.addHook('preClose', async () => stop.abort())
    // Before the database closes, which was registered earlier: hooks run last in, first out.
    app.addHook('onClose', () => rounds)
    const failed = (error: unknown): void => {
      // What a stopping service has interrupted is no failure.
      if (stop.signal.aborted) return
      app.causeLog.write(app.log, error, `A round failed: ${name}`, { round: name })
    }
    const wait = async (): Promise<void> => {
      const pauseMs = typeof intervalMs === 'number' ? intervalMs : intervalMs()
      await pause(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
    const repeat = async (): Promise<void> => {
      if (!runAtStart) await wait()
      while (!stop.signal.aborted) {
        await work(stop.signal).catch((error: unknown) => failed(error))
        await wait()
      }
    }
  },
)

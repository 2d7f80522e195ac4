import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export type PeriodicOptions = {
  name: string
  /** The pause before the next round. A function is called after each round. */
  intervalMs: number | (() => number)
  /** Whether the first round starts when the service is ready, instead of after one interval. */
  runAtStart?: boolean
  /** One round. It checks the signal between its steps and ends soon after an abort. */
  work: (stopping: AbortSignal) => Promise<unknown>
}

/**
 * Repeats a task with a pause between rounds, from readiness until the service closes. A failed round
 * is logged and the next one retries. Rounds never overlap. Closing aborts the signal of the running
 * round and waits for it.
 */
export const periodically = fp(
  async (app: FastifyInstance, { name, intervalMs, runAtStart = false, work }: PeriodicOptions) => {
    const stop = new AbortController()
    let rounds = Promise.resolve()
    app.addHook('onReady', async () => {
      rounds = repeat()
    })
    app.addHook('preClose', async () => stop.abort())
    // Runs before the database closes: onClose hooks run in reverse order of registration.
    app.addHook('onClose', () => rounds)
    const failed = (error: unknown): void => {
      // A round that shutdown interrupts has not failed.
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

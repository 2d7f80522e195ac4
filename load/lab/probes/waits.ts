import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'

const everyMs = 100

/** Backends that wait for a lock, I/O or another server event, and not for their client. */
const statement = `
  select wait_event_type as kind, count(*)::int as backends
  from pg_stat_activity
  where backend_type = 'client backend' and state = 'active' and pid <> pg_backend_pid()
    and wait_event_type in ('Lock', 'LWLock', 'IO', 'BufferPin')
  group by wait_event_type`

/** The number of backends that wait, by wait event type. */
type Waiting = { kind: string; backends: number }

export const waitingBackends = (sql: Sql): Promise<Waiting[]> => sql.unsafe<Waiting[]>(statement)

export type WaitsWatch = {
  /** @throws Error of the sample that failed; there are none after it */
  stop(): Promise<Record<string, number>>
}

/**
 * Takes a sample, waits 100 ms, and takes the next until it is stopped; then returns milliseconds by
 * wait event type. A sample counts for the time since the previous one.
 */
export const watchWaits = (sample: () => Promise<readonly Waiting[]>): WaitsWatch => {
  const waitsMs: Record<string, number> = {}
  const stopped = new AbortController()
  const watch = async (): Promise<void> => {
    for (let lastMs = performance.now(); await pause(stopped.signal); ) {
      const waiting = await sample()
      const nowMs = performance.now()
      for (const { kind, backends } of waiting) {
        waitsMs[kind] = (waitsMs[kind] ?? 0) + backends * (nowMs - lastMs)
      }
      lastMs = nowMs
    }
  }
  const watching = watch()
  // It is thrown by `stop`.
  watching.catch(() => {})
  return {
    stop: async () => {
      stopped.abort()
      await watching
      return waitsMs
    },
  }
}

/** Whether the next sample is due; false after the stop. */
const pause = (signal: AbortSignal): Promise<boolean> =>
  sleep(everyMs, true, { signal }).catch(() => false)

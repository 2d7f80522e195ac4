import type { Sql } from 'postgres'

const everyMs = 100

/** Backends that wait for a lock, I/O or another server event, and not for their client. */
const statement = `
  select wait_event_type as kind, count(*)::int as backends
  from pg_stat_activity
  where backend_type = 'client backend' and state = 'active' and pid <> pg_backend_pid()
    and wait_event_type in ('Lock', 'LWLock', 'IO', 'BufferPin')
  group by wait_event_type`

/** Samples every 100 ms until it is stopped; then returns milliseconds by wait event type. */
export const watchWaits = (sql: Sql): { stop(): Promise<Record<string, number>> } => {
  const waitsMs: Record<string, number> = {}
  let sampling: Promise<void> = Promise.resolve()
  const sample = async (): Promise<void> => {
    const rows = await sql.unsafe<{ kind: string; backends: number }[]>(statement)
    for (const { kind, backends } of rows) {
      waitsMs[kind] = (waitsMs[kind] ?? 0) + backends * everyMs
    }
  }
  const timer = setInterval(() => {
    sampling = sampling.then(sample)
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await sampling
      return waitsMs
    },
  }
}

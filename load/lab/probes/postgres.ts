import postgres, { type Sql } from 'postgres'
import { type WaitsWatch, waitingBackends, watchWaits } from './waits.ts'

/** PostgreSQL's counters by name; the lab takes the difference over a slice. */
export type PostgresProbe = {
  counts(): Promise<Record<string, number>>
  /** Samples the waits of backends until it is stopped; returns milliseconds by wait event type. */
  watchWaits(): WaitsWatch
  /** PostgreSQL's version, and the settings that affect a measurement. */
  settings(): Promise<Record<string, string>>
  end(): Promise<void>
}

/** Without the statements of the superuser, which are the lab's. */
const statement = `
  select
    (select coalesce(sum(calls), 0) from pg_stat_statements where userid <> current_user::regrole) as statements,
    (select coalesce(sum(rows), 0) from pg_stat_statements where userid <> current_user::regrole) as rows,
    (
      select coalesce(sum(shared_blks_hit + shared_blks_read), 0)
      from pg_stat_statements where userid <> current_user::regrole
    ) as buffers,
    (select wal_bytes from pg_stat_wal) as "WAL bytes",
    (select wal_fpi from pg_stat_wal) as "full-page images"`

const relevant = [
  ...['server_version', 'shared_buffers', 'fsync', 'synchronous_commit', 'max_connections'],
  ...['wal_level', 'max_wal_size', 'work_mem', 'jit', 'autovacuum'],
]

export const postgresProbe = async (adminUrl: string): Promise<PostgresProbe> => {
  const sql: Sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  await sql`create extension if not exists pg_stat_statements`
  return {
    counts: async () => {
      const [row = {}] = await sql.unsafe(statement)
      return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]))
    },
    watchWaits: () => watchWaits(() => waitingBackends(sql)),
    settings: async () => {
      const rows = await sql<{ name: string; value: string }[]>`
        select name, current_setting(name) as value from pg_settings
        where name in ${sql(relevant)} order by name`
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
    },
    end: () => sql.end({ timeout: 1 }),
  }
}

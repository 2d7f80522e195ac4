import { globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@flash-deal/local/paths'
import type { Sql } from 'postgres'
import { statementOf } from '../counted/statement.ts'
import type { Counts } from './hops.ts'

/** PostgreSQL's counters for the statements under `db/`. */

/** The name of the file of each statement, by PostgreSQL's query identifier. */
export type StatementNames = ReadonlyMap<string, string>

const schemas = 'orders, product, auth, public'

/** `pg_stat_statements` drops comments, so a statement is found by its identifier. @param sql as a superuser */
export const statementNames = async (sql: Sql): Promise<StatementNames> => {
  const names = new Map<string, string>()
  await sql.unsafe(`set search_path = ${schemas}`)
  for (const file of globSync('*/queries/*.sql', { cwd: join(root, 'db') })) {
    const id = await identifierOf(sql, file.slice(0, -'.sql'.length))
    if (id !== undefined) names.set(id, file.split('/').at(-1)?.slice(0, -'.sql'.length) ?? file)
  }
  return names
}

/** Undefined for a statement that cannot be planned by itself. */
const identifierOf = async (sql: Sql, file: string): Promise<string | undefined> => {
  const { text } = statementOf(file, {})
  // As text, because an identifier may have more digits than a JavaScript number.
  const explain = `explain (verbose, generic_plan, format text) ${text}`
  const lines = await sql.unsafe<{ 'QUERY PLAN': string }[]>(explain).catch(() => [])
  const [, id] =
    /^Query Identifier: (\S+)$/m.exec(lines.map((each) => each['QUERY PLAN']).join('\n')) ?? []
  return id
}

/**
 * For each statement `<name> statements`, `<name> µs` of execution without the commit, and
 * `<name> WAL` in bytes; `all WAL` includes the commits.
 */
export const statementCounts = async (sql: Sql, names: StatementNames): Promise<Counts> => {
  const rows = await sql<{ id: string; calls: number; us: number; wal: number }[]>`
    select
      queryid::text as id, sum(calls)::float as calls,
      sum(total_exec_time * 1000)::float as us, sum(wal_bytes)::float as wal
    from pg_stat_statements
    where userid <> current_user::regrole
    group by 1`
  const [all] = await sql<{ bytes: number }[]>`select wal_bytes::float as bytes from pg_stat_wal`
  return {
    'all WAL': all?.bytes ?? 0,
    ...Object.fromEntries(
      rows.flatMap(({ id, calls, us, wal }) => {
        const name = names.get(id)
        if (name === undefined) return []
        return [
          [`${name} statements`, calls],
          [`${name} µs`, us],
          [`${name} WAL`, wal],
        ]
      }),
    ),
  }
}

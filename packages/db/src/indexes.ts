import type { Database } from './database.ts'
import type { Statement } from './queryable.ts'

/** Reads PostgreSQL's catalogue about indexes in the schema of the role. */

const usable: Statement = {
  name: 'index_usable',
  text: `
select count(*) as total
from pg_index
join pg_class on pg_class.oid = pg_index.indexrelid
where pg_class.relnamespace = current_schema()::regnamespace
  and pg_class.relname = any($1::text[])
  and pg_index.indisvalid`,
}

/**
 * Whether all, none or some of these indexes are valid.
 * @throws ApiError SERVICE_UNAVAILABLE if PostgreSQL does not respond
 */
export const variantByIndexes = async (
  db: Database,
  names: readonly string[],
): Promise<'baseline' | 'optimized' | 'incomplete'> => {
  // Fails sooner than a query if the server is unavailable.
  await db.ping()
  const [row] = await db.query<{ total: number }>(usable, [names])
  if (row?.total === 0) return 'baseline'
  return row?.total === names.length ? 'optimized' : 'incomplete'
}

const scans: Statement = {
  name: 'index_scans',
  text: `
select
  seq_scan,
  coalesce((
    select sum(pg_stat_user_indexes.idx_scan)
    from pg_stat_user_indexes
    where pg_stat_user_indexes.relid = pg_stat_user_tables.relid
      and pg_stat_user_indexes.indexrelname = any($2::text[])
  ), 0)::bigint as index_scan
from pg_stat_user_tables
where schemaname = current_schema() and relname = $1`,
}

/**
 * The number of sequential scans of a table, and of scans of these indexes, by all clients.
 * PostgreSQL updates these statistics with a delay of about one second.
 */
export const scansOf = async (
  db: Database,
  table: string,
  names: readonly string[],
): Promise<Record<string, number>> => {
  const [row] = await db.query<Record<string, number>>(scans, [table, names])
  return { ...row }
}

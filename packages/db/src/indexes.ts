import type { Database } from './database.ts'
import type { Statement } from './queryable.ts'

/** What PostgreSQL's catalogue says of indexes that may be there or not, in the role's own schema. */

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
 * Whether all of these indexes can be used, none, or only some.
 * @throws ApiError SERVICE_UNAVAILABLE where PostgreSQL does not answer
 */
export const variantByIndexes = async (
  db: Database,
  names: readonly string[],
): Promise<'baseline' | 'optimized' | 'incomplete'> => {
  // A server that is away is given up sooner by this.
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
 * How often a table was read from its beginning to its end, and how often through one of these
 * indexes, by anybody; PostgreSQL tells with a delay of about a second.
 */
export const scansOf = async (
  db: Database,
  table: string,
  names: readonly string[],
): Promise<Record<string, number>> => {
  const [row] = await db.query<Record<string, number>>(scans, [table, names])
  return { ...row }
}

-- The planner's estimate, from the statistics of the last vacuum or analyze: rows per page then, times
-- the current pages, times the share of the category. A category that is not among the most common
-- values gets the average of the others. No row: there are no statistics yet.
-- name: ProductEstimate :one
select
  round(
    pg_class.reltuples::float8 / pg_class.relpages
    * (pg_relation_size(pg_class.oid) / current_setting('block_size')::int)
    * case
      when sqlc.narg(category)::text is null then 1
      else coalesce(
        most_common_freqs[array_position(most_common_vals::text::text[], sqlc.narg(category))],
        (1 - null_frac - (select coalesce(sum(frequency), 0) from unnest(most_common_freqs) as frequency))
        / nullif(
          case when n_distinct < 0 then -n_distinct * reltuples else n_distinct end
          - coalesce(cardinality(most_common_freqs), 0),
          0
        ),
        0
      )
    end
  )::bigint as total
from pg_catalog.pg_class
join pg_catalog.pg_stats on pg_stats.schemaname = current_schema() and pg_stats.tablename = pg_class.relname
where pg_class.oid = 'products'::regclass and pg_class.relpages > 0 and pg_stats.attname = 'category';

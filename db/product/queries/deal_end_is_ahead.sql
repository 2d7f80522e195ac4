-- Whether a time is yet to come, by the clock that also opens and closes deals.
-- name: DealEndIsAhead :one
select (sqlc.arg(ends_at)::timestamptz > clock_timestamp())::boolean as is_ahead;

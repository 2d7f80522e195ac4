-- Whether a time is in the future, by the clock that also opens and closes deals.
-- name: DealEndIsAhead :one
select (sqlc.arg(ends_at)::timestamptz > clock_timestamp())::boolean as is_ahead;

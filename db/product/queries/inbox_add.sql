-- Returns the new events. The others have already taken effect.
-- name: InboxAdd :many
insert into inbox (event_id)
select distinct unnest(@event_ids::text[])
order by 1
on conflict do nothing
returning event_id;

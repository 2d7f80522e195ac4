-- migrate:up
-- The span in which the event was caused, as in the header of this name; null if it is not recorded.
alter table outbox add column traceparent text;

-- migrate:down
alter table outbox drop column traceparent;

-- migrate:up
-- The span that caused the event, in the format of the traceparent header; null without telemetry.
alter table outbox add column traceparent text;

-- migrate:down
alter table outbox drop column traceparent;

-- A run that is retried by hand gets a span of its own: when it began, if not with the run, and the spans
-- that it is linked to, as traceparent headers.
alter table run
  add column span_began_at timestamptz,
  add column span_links varchar(200);

-- Where an event stands among the events of all runs: the transaction that wrote it. A reader goes no
-- further than the oldest transaction still open, so none that commits later is skipped.
alter table run_event
  add column position bigint not null default cast(cast(pg_current_xact_id() as text) as bigint);
create index run_event_position on run_event (position, run_id, sequence);

-- How the latest step of an attempt failed and since when its steps fail in that way; null where it succeeded.
-- Kept here and not in a replica's memory, so that a limit holds whatever happens to replicas.
alter table attempt
  add column failing varchar(16),
  add column failing_since timestamptz,
  -- when removing the attempt's object is tried next, where that is not at the usual time
  add column object_due_at timestamptz,
  -- how often removing it has failed; spaces the tries
  add column object_tries integer not null default 0;
create index attempt_object_due on attempt (object_due_at) where object_due_at is not null and not object_removed;

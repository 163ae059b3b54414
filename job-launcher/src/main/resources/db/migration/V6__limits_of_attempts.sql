-- By the database's clock, so that limits hold whatever happens to replicas.
alter table attempt
  -- since when the attempt's steps fail in the way in which the latest did; failing_since: since when in any way
  add column failing_alike_since timestamptz,
  -- when a verdict was decided while something may still run
  add column decided_at timestamptz,
  -- when the attempt's object was first released
  add column released_at timestamptz;
update attempt set failing_alike_since = failing_since;

-- A run: what was asked for and where it stands. Every change is made under the lock of its row.
create table run (
  id varchar(26) primary key,
  state varchar(16) not null,
  waiting_for varchar(200),
  -- since when it has been left waiting for this; null before the first time
  waiting_since timestamptz,
  platform varchar(63) not null,
  domain varchar(63) not null,
  product varchar(63) not null,
  pipeline varchar(63),
  priority integer not null,
  request text not null,
  idempotency_key varchar(255) constraint run_idempotency_key unique,
  payload_hash varchar(64) not null,
  -- number of the present or last attempt
  attempt integer not null default 0,
  -- budgets count attempts from this number on; a retry by hand moves it
  budget_from integer not null default 1,
  -- memory of the next attempt, where it differs from what was asked for
  memory varchar(32),
  verdict text,
  -- why the present attempt is being ended
  stop_reason varchar(32),
  trace_id varchar(32) not null,
  span_id varchar(16) not null,
  parent_span_id varchar(16),
  sampled boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  next_attempt_at timestamptz,
  -- end of the run's own time, whatever it is doing
  deadline_at timestamptz not null,
  -- when a waiting run is looked at next; null where it does not wait
  due_at timestamptz,
  -- grows with every look at a waiting run; fences one who looked long ago
  claim bigint not null default 0,
  -- times it was looked at and left waiting; spaces the looks
  holds integer not null default 0,
  last_event bigint not null default 0,
  version bigint not null default 0
);

create index run_due on run (priority desc, created_at, due_at) where due_at is not null;
create index run_deadline on run (deadline_at) where finished_at is null;
create index run_updated on run (updated_at);
create index run_finished on run (finished_at) where finished_at is not null;
create index run_domain on run (domain, id);

-- One try of a run. Whoever holds the lease follows it; the epoch fences who held it before.
create table attempt (
  run_id varchar(26) not null references run on delete cascade,
  number integer not null,
  state varchar(16) not null,
  namespace varchar(63) not null,
  -- the runtime's object; set by compare-and-set before anything may run
  uid varchar(64),
  pod varchar(253),
  node varchar(253),
  memory varchar(32),
  -- environment inherited from the platform when the attempt was claimed
  bindings text not null,
  span_id varchar(16) not null,
  epoch bigint not null,
  owner varchar(100) not null,
  lease_until timestamptz not null,
  -- a verdict that was decided while something may still run; recorded as the end once nothing does
  decided text,
  verdict text,
  category varchar(16),
  created_at timestamptz not null,
  launch_deadline_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  log_bytes bigint not null default 0,
  log_truncated boolean not null default false,
  object_removed boolean not null default false,
  primary key (run_id, number)
);

create index attempt_active on attempt (lease_until) where finished_at is null;
create index attempt_owner on attempt (owner) where finished_at is null;
create index attempt_object on attempt (finished_at) where finished_at is not null and not object_removed;

-- What happened to a run, numbered without gaps under the lock of the run's row.
create table run_event (
  run_id varchar(26) not null references run on delete cascade,
  sequence bigint not null,
  type varchar(32) not null,
  state varchar(16) not null,
  attempt integer not null,
  verdict text,
  message text not null,
  time timestamptz not null,
  primary key (run_id, sequence)
);

-- A piece of an attempt's log: deflated, in order, addressed by the byte it begins with.
create table log_chunk (
  run_id varchar(26) not null,
  attempt integer not null,
  first_byte bigint not null,
  length integer not null,
  data bytea not null,
  captured_at timestamptz not null,
  primary key (run_id, attempt, first_byte),
  foreign key (run_id, attempt) references attempt on delete cascade
);
alter table log_chunk alter column data set storage external;
create index log_chunk_captured on log_chunk (captured_at);

-- What platform-manager said last, for the time it cannot be reached.
create table known_bindings (
  platform varchar(63) not null,
  domain varchar(63) not null,
  body text not null,
  known_at timestamptz not null,
  primary key (platform, domain)
);

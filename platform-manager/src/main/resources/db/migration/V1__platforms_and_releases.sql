-- A platform. Its row is what a rollout is leased on and what numbers releases are given under.
create table platform (
  name            varchar(63) primary key,
  last_release    integer     not null default 0,
  current_release integer     not null default 0, -- whose plan is, or is becoming, what runs; 0 for none
  bound_release   integer     not null default 0, -- whose bindings jobs inherit: all that they name exists; 0 for none
  removed         boolean     not null default false,
  lease_owner     varchar(100),
  lease_until     timestamptz,
  epoch           bigint      not null default 0, -- grows with every lease: a late owner can write nothing
  observed_at     timestamptz not null default '-infinity',
  created_at      timestamptz not null default clock_timestamp()
);

create table release (
  platform    varchar(63) not null references platform,
  number      integer     not null,
  action      varchar(10) not null check (action in ('DEPLOY', 'REMOVE')),
  state       varchar(20) not null,
  version     varchar(63),
  message     text,
  components_ready integer not null default 0, -- of those that it has
  components  integer     not null,
  manifest    text        not null,
  plan        text        not null,
  plan_format integer     not null, -- a replica claims no platform with a plan that it cannot read
  waits       boolean     not null default false, -- until those before it have ended, instead of taking their place
  aborted     boolean     not null default false, -- on request: it ends at its next step
  events      bigint      not null default 0, -- how many there are; numbered under the lock of this row
  created_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (platform, number)
);

create index release_unfinished on release (platform, number) where state in ('PENDING', 'APPLYING', 'VERIFYING');

-- The journal of a rollout.
create table release_event (
  platform  varchar(63) not null,
  release   integer     not null,
  sequence  bigint      not null,
  type      varchar(60) not null,
  state     varchar(20) not null,
  component varchar(63),
  message   text        not null,
  time      timestamptz not null default clock_timestamp(),
  primary key (platform, release, sequence),
  foreign key (platform, release) references release
);

-- What each component was last seen to be.
create table component (
  platform   varchar(63) not null references platform,
  name       varchar(63) not null,
  ready      boolean     not null, -- available, and as its release says
  available  boolean     not null, -- serves, perhaps with an earlier configuration
  reason     varchar(100) not null,
  message    text,
  workloads  text        not null,
  since      timestamptz not null default clock_timestamp(),
  checked_at timestamptz not null default clock_timestamp(),
  primary key (platform, name)
);

-- Jobs that components ran once, with the ends of their logs, by the release whose rollout saw them end first.
create table job_run (
  platform    varchar(63) not null,
  uid         varchar(63) not null,
  release     integer     not null,
  component   varchar(63) not null,
  job         varchar(63) not null,
  succeeded   boolean     not null,
  started_at  timestamptz,
  finished_at timestamptz,
  log         text        not null,
  primary key (platform, uid),
  foreign key (platform, release) references release
);

-- Objects that rollouts applied, with the UID that the API server gave them: what floe may delete. The plan of a release says what it may
-- be about to apply; a row is written once it has.
create table applied_object (
  platform   varchar(63) not null references platform,
  object     text        not null, -- Kind.group/namespace/name
  component  varchar(63) not null,
  uid        varchar(63) not null,
  release    integer     not null, -- that applied it last
  applied_at timestamptz not null default clock_timestamp(),
  primary key (platform, object)
);

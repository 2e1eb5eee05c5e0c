-- Workers' phones, how their syncs went, and work that waits for a supervisor's decision.

-- A browser made a phone of an account. One device may serve two workers and one worker two devices: each pair has its own
-- secret. `county` never changes: what the phone files is known by its keys under it, wherever its worker is sent.
create table phone (
  device uuid not null,
  account_id uuid not null references account (id),
  account_name text not null,
  -- The account's own area as of the last contact: who may see the phone.
  area text collate "C" not null,
  county text collate "C" not null,
  name text not null default '',
  secret_hash bytea,
  -- The secrets before, newest first: the answer that brought a newer one may never have reached the phone.
  former_hashes bytea[] not null default '{}',
  -- The last requests in which something was refused, newest first: come once more, they are not run again.
  refused_marks bytea[] not null default '{}',
  session_id uuid,
  app text not null,
  protocol integer not null,
  state text not null check (state in ('active', 'lost', 'cleared')),
  registered_at timestamptz not null,
  contact_at timestamptz not null,
  -- Milliseconds by which the phone's clock is ahead of the server's.
  clock_ahead bigint not null default 0,
  waiting integer not null default 0,
  refused integer not null default 0,
  oldest_at timestamptz,
  -- The last time it held everything; null: never.
  synced_at timestamptz,
  -- The run of phone_try that is going on.
  try_at timestamptz,
  lost_at timestamptz,
  lost_by uuid,
  lost_by_name text,
  lost_reason text,
  -- When it was first told to clear, and when it said that it had.
  clear_told_at timestamptz,
  cleared_at timestamptz,
  primary key (device, account_id)
);
create index phone_account on phone (account_id);
create index phone_area on phone (area, contact_at desc);
select weiwang_guard('phone', 'area', 'select (device, account_id, account_name, area, county, name, app, protocol, state, registered_at, contact_at, clock_ahead, waiting, refused, oldest_at, synced_at, try_at, lost_at, lost_by, lost_by_name, lost_reason, clear_told_at, cleared_at)');

-- One run of syncing: requests less than ten minutes apart. `outcome` stays empty when it never ended, which is how runs that
-- were broken off are found.
create table phone_try (
  device uuid not null,
  account_id uuid not null,
  started_at timestamptz not null,
  area text collate "C" not null,
  last_at timestamptz not null,
  requests integer not null,
  bytes bigint not null default 0,
  items integer not null default 0,
  outcome text check (outcome in ('done', 'failed')),
  primary key (device, account_id, started_at)
);
create index phone_try_account on phone_try (account_id, started_at desc);
create index phone_try_started on phone_try (started_at);
select weiwang_guard('phone_try', 'area', 'select');

-- Work that arrived and could not be filed by its worker: kept sealed for the supervisor of the place, who takes it in or sets
-- it aside. `body_sealed` is the item as the phone made it; it goes when the work is taken in.
create table handover (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  key uuid not null,
  account_id uuid not null,
  account_name text not null,
  device uuid,
  kind text not null,
  subject_ids uuid[] not null default '{}',
  made_at timestamptz not null,
  recorded_at timestamptz not null,
  body_sealed bytea,
  reason text not null check (reason in ('not_mine', 'no_role', 'unknown_kind', 'account_closed', 'after_loss', 'server_fault', 'asked')),
  problem jsonb,
  state text not null check (state in ('waiting', 'taken', 'set_aside')),
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  note_sealed bytea,
  answer jsonb,
  primary key (id, county)
);
create unique index handover_key on handover (account_id, key, county);
create index handover_waiting on handover (area, id) where state = 'waiting';
-- What this server may have learnt to read since (SYNC-18).
create index handover_unknown on handover (id) where state = 'waiting' and reason = 'unknown_kind';
create index handover_decided on handover (area, state, id);
create index handover_account on handover (account_id, id desc);
create index handover_due on handover (decided_at) where decided_at is not null;
select weiwang_guard('handover', 'area', 'select, update');

-- When the end of a duty was set: work done before that instant was done by who covered the place then (SYNC-13).
alter table duty add column cut_at timestamptz;

-- Where a phone is told, over a maker's push service, that there is something new (WAKE-1). The address lets anybody who has it
-- tell the phone, so it is sealed; only the jobs role reaches it.
create table phone_wake (
  device uuid not null,
  account_id uuid not null references account (id),
  endpoint_sealed bytea not null,
  put_at timestamptz not null,
  told_at timestamptz,
  primary key (device, account_id)
);
create index phone_wake_account on phone_wake (account_id);
select weiwang_internal('phone_wake');

-- Up to which number of its feed a grid's phones have been woken, so that each urgent thing wakes once.
create table grid_wake (
  grid text collate "C" primary key,
  n bigint not null,
  at timestamptz not null
);
select weiwang_internal('grid_wake');
create index grid_feed_wakes on grid_feed (at) where urgent;

-- How often an account's phones were woken on a day, and how often of that between 20:00 and 08:00 (LOAD-1).
create table wake_count (
  account_id uuid not null references account (id),
  day date not null,
  n integer not null,
  night integer not null,
  primary key (account_id, day)
);
create index wake_count_day on wake_count (day);
select weiwang_internal('wake_count');

-- Pictures that phones handed in sealed, without a session (SYNC-25): their parts until all have come, then the picture, sealed
-- like every text, until its visit is taken in. `box` holds the picture's key, sealed to the server's.
create table sealed_photo (
  account_id uuid not null references account (id),
  id uuid not null,
  device uuid not null,
  -- The visit, the observation whose commitment is on paper, or the service that it belongs to.
  about text not null check (about in ('visit', 'observation', 'service')),
  subject_id uuid not null,
  parts smallint not null,
  box text not null,
  box_key text not null,
  emergency_id uuid,
  jpeg_sealed bytea,
  put_at timestamptz not null,
  primary key (account_id, id)
);
create index sealed_photo_subject on sealed_photo (subject_id) where jpeg_sealed is not null;
create index sealed_photo_put on sealed_photo (put_at);
select weiwang_internal('sealed_photo');

create table sealed_photo_part (
  account_id uuid not null,
  id uuid not null,
  part smallint not null,
  bytes bytea not null,
  primary key (account_id, id, part),
  foreign key (account_id, id) references sealed_photo (account_id, id) on delete cascade
);
select weiwang_internal('sealed_photo_part');

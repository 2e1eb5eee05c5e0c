-- Core: roles' rights, row guards, keys, audit, idempotency, grid clock and grid feed.
-- The roles weiwang_app, weiwang_jobs and weiwang_retention exist before migrations run (core/db/roles.ts).

grant usage on schema public to weiwang_app, weiwang_jobs, weiwang_retention;

-- Guards a table by an area column of its own (design section 7): the application role sees only rows whose area lies
-- between the bounds set inside the transaction; an empty setting means nothing, not everything (ACCESS-2).
-- Containment is a range over collate "C": lo <= area < hi, where hi is lo followed by ':' (the character after '9').
create function weiwang_guard(tab regclass, col text, app_rights text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tab);
  execute format('alter table %s force row level security', tab);
  execute format('create policy scope_app on %s to weiwang_app using (%I >= nullif(current_setting(''weiwang.lo'', true), '''') collate "C" and %I < nullif(current_setting(''weiwang.hi'', true), '''') collate "C")', tab, col, col);
  execute format('create policy all_jobs on %s to weiwang_jobs using (true) with check (true)', tab);
  execute format('create policy all_retention on %s to weiwang_retention using (true)', tab);
  execute format('create policy all_owner on %s to current_user using (true) with check (true)', tab);
  execute format('grant %s on %s to weiwang_app', app_rights, tab);
  execute format('grant select, insert, update on %s to weiwang_jobs', tab);
  execute format('grant select, delete on %s to weiwang_retention', tab);
end $$;

-- A table that every account may read and that holds nothing personal (areas, rule sets, campaigns).
create function weiwang_reference(tab regclass, app_rights text) returns void language plpgsql as $$
begin
  execute format('grant %s on %s to weiwang_app', app_rights, tab);
  execute format('grant select, insert, update, delete on %s to weiwang_jobs', tab);
  execute format('grant select, delete on %s to weiwang_retention', tab);
end $$;

-- A table of the server itself (sessions, jobs, keys): the application role reaches it only through jobs or not at all.
create function weiwang_internal(tab regclass) returns void language plpgsql as $$
begin
  execute format('grant select, insert, update, delete on %s to weiwang_jobs', tab);
  execute format('grant select, delete on %s to weiwang_retention', tab);
end $$;

create table setting (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
select weiwang_reference('setting', 'select');

-- Data keys, one per emergency and month, wrapped by the master key of KEY_FILE. Destroying one is the deletion that
-- reaches backups, so `wrapped` goes and the row stays as evidence.
create table data_key (
  id uuid primary key,
  emergency_id uuid not null,
  month text not null,
  wrapped bytea,
  master_id text not null,
  created_at timestamptz not null,
  destroyed_at timestamptz
);
create unique index data_key_current on data_key (emergency_id, month) where destroyed_at is null;
select weiwang_reference('data_key', 'select, insert');
grant update on data_key to weiwang_retention;

-- Audit: append-only. `ids` lists the persons whose identity was opened or exported.
create table audit (
  county text collate "C" not null,
  day date not null,
  id uuid not null,
  at timestamptz not null,
  area text collate "C" not null,
  actor uuid,
  actor_name text not null,
  verb text not null,
  thing text not null,
  thing_id text not null,
  outcome text not null check (outcome in ('done', 'refused')),
  purpose text,
  ids uuid[] not null default '{}',
  detail jsonb not null default '{}',
  request_id text not null,
  block integer,
  primary key (county, day, id)
);
create index audit_area_at on audit (area, at desc);
create index audit_unsealed on audit (county, day, at) where block is null;
create index audit_actor on audit (actor, at desc);
create index audit_thing on audit (thing, thing_id, at desc);
select weiwang_guard('audit', 'area', 'select, insert');

create table audit_block (
  county text collate "C" not null,
  day date not null,
  n integer not null,
  lines integer not null,
  last_at timestamptz not null,
  prev_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null,
  primary key (county, day, n)
);
select weiwang_reference('audit_block', 'select');

-- The heads of all counties of one day, chained day after day; this chain is what is exported.
create table audit_head (
  day date primary key,
  heads jsonb not null,
  prev_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null
);
select weiwang_reference('audit_head', 'select');

-- First answers of writes (SYNC-1): beside the rows they guard, under the same key.
create table idempotency (
  county text collate "C" not null,
  key text not null,
  action text not null,
  actor uuid,
  args_hash bytea not null,
  answer json not null,
  at timestamptz not null,
  primary key (county, key)
);
create index idempotency_at on idempotency (at);
grant select, insert on idempotency to weiwang_app;
select weiwang_internal('idempotency');

-- `floor`: up to this number things that are gone have been cleared away; a phone whose cursor lies below starts over (SYNC-9).
create table grid_clock (
  county text collate "C" not null,
  grid text collate "C" not null,
  epoch integer not null default 1,
  n bigint not null default 0,
  floor bigint not null default 0,
  primary key (county, grid)
);
select weiwang_guard('grid_clock', 'grid', 'select, insert, update');

-- What a phone of the grid should see, each thing once, in its present form and under the number of its last change: a first
-- sync costs what the grid holds and not what has happened to it, and nothing has to be compacted (SYNC-3).
create table grid_feed (
  county text collate "C" not null,
  grid text collate "C" not null,
  kind text not null,
  id text not null,
  n bigint not null,
  urgent boolean not null default false,
  body jsonb not null,
  at timestamptz not null,
  primary key (county, grid, kind, id)
);
create unique index grid_feed_n on grid_feed (county, grid, n);
create index grid_feed_urgent on grid_feed (county, grid, n desc) where urgent;
select weiwang_guard('grid_feed', 'grid', 'select, insert, update');

-- Long work that can be left and found again (imports, runs, pushes, exports): one row per job, progress in rows.
create table job_progress (
  id uuid primary key,
  area text collate "C" not null,
  kind text not null,
  title jsonb not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  done bigint not null default 0,
  total bigint,
  step text,
  result jsonb,
  error jsonb,
  subject text,
  by uuid,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz
);
create index job_progress_area on job_progress (area, started_at desc);
create index job_progress_subject on job_progress (subject, started_at desc);
select weiwang_guard('job_progress', 'area', 'select, insert, update');

-- Backups that a server was started on and that answered, or that the operator of an external server states. `covers_until` is
-- in the deployment's own time (an exercise runs on another day): whatever was committed before it is in the backup, and phones
-- may then forget it. `removed_at` says when the copy was removed (retention).
create table backup (
  id uuid primary key,
  kind text not null check (kind in ('manual', 'automatic', 'stated')),
  covers_until timestamptz not null,
  verified_at timestamptz not null,
  place text not null,
  hash text,
  bytes bigint,
  removed_at timestamptz
);
create index backup_verified on backup (verified_at desc);
select weiwang_reference('backup', 'select');

-- Processes that work on the queue, each with its workers' names: what a process held that was not heard of for a minute is let
-- go by any other.
create table process_alive (
  id uuid primary key,
  host text not null,
  pid integer not null,
  workers text[] not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
select weiwang_internal('process_alive');

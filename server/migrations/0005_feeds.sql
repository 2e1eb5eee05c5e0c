-- Sources, deliveries, rejects, facts; risk areas by list and by daily counts.
create table feed (
  id text primary key,
  area text collate "C" not null,
  name jsonb not null,
  owner text not null,
  purpose jsonb not null,
  kind text not null,
  mapping jsonb not null,
  bounds jsonb not null,
  may_give_red boolean not null default false,
  red_proposed_by uuid,
  red_approved_by uuid,
  key_hash bytea,
  state text not null check (state in ('draft', 'open', 'closed')),
  created_by uuid,
  created_at timestamptz not null,
  version integer not null default 1
);
select weiwang_reference('feed', 'select, insert, update');

create table batch (
  id uuid primary key,
  feed_id text not null references feed (id),
  area text collate "C" not null,
  emergency_id uuid not null,
  file_name text not null,
  file_hash bytea not null,
  bytes bigint not null,
  state text not null check (state in ('received', 'loading', 'loaded', 'failed', 'withdrawing', 'withdrawn')),
  reading jsonb not null default '{}',
  cursor bigint not null default 0,
  rows bigint not null default 0,
  accepted bigint not null default 0,
  unchanged bigint not null default 0,
  rejected bigint not null default 0,
  -- Rows that say what was corrected for their person: loaded, and without effect (FEED-42).
  denied bigint not null default 0,
  resolved bigint not null default 0,
  error jsonb,
  job_id uuid,
  by uuid,
  received_at timestamptz not null,
  finished_at timestamptz,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdraw_reason text,
  -- Which worker is at it, and until when that counts unless it is renewed (database's time).
  held_by uuid,
  held_until timestamptz
);
-- FEED-17: one file of one source is one batch, also when two load it at once; a failed or withdrawn one may come again.
create unique index batch_once on batch (feed_id, file_hash) where state not in ('failed', 'withdrawn');
create index batch_open on batch (state, received_at) where state in ('received', 'loading', 'withdrawing');
create index batch_feed on batch (feed_id, received_at desc);
create index batch_area on batch (area, received_at desc);
create index batch_rejects on batch (area, received_at desc) where rejected > 0;
select weiwang_guard('batch', 'area', 'select, insert, update');

create table batch_reject (
  batch_id uuid not null,
  row bigint not null,
  col text not null,
  area text collate "C" not null,
  value_sealed bytea,
  reason text not null,
  detail jsonb not null default '{}',
  primary key (batch_id, row, col)
);
select weiwang_guard('batch_reject', 'area', 'select, insert');
grant delete on batch_reject to weiwang_jobs;

-- `batch_id` is the batch that said the fact first and is not withdrawn; `external` is the keyed hash of the source's own id
-- of the row, by which a corrected row takes the place (`superseded_by`) of the one before (FEED-3).
create table fact (
  person_id uuid not null,
  fact_id uuid not null,
  kind text collate "C" not null,
  place text collate "C",
  value text collate "C",
  degree smallint,
  from_day date not null,
  to_day date not null,
  source text collate "C" not null,
  batch_id uuid not null,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  external bytea,
  superseded_by uuid,
  -- The correction on which it fell: withdrawn, and not revived by whoever says it again (FEED-42).
  denied_by uuid,
  primary key (person_id, fact_id)
);
create index fact_external on fact (external) where external is not null;
create index fact_denied_by on fact (person_id, denied_by) where denied_by is not null;
create index fact_superseded on fact (superseded_by, person_id) where superseded_by is not null;
create index fact_by_batch on fact (batch_id, person_id);
create index fact_recorded on fact (recorded_at, person_id);
create index fact_place on fact (place, from_day, to_day) where kind = 'stay' and withdrawn_at is null;
grant select, insert, update, delete on fact to weiwang_jobs;
-- A close-out gives a fact to a batch of another emergency that says it too.
grant select, update (batch_id), delete on fact to weiwang_retention;

-- The further batches that say a fact too: a fact lives while one batch that says it is not withdrawn (FEED-19).
create table fact_batch (
  batch_id uuid not null,
  person_id uuid not null,
  fact_id uuid not null,
  primary key (batch_id, person_id, fact_id)
);
create index fact_batch_fact on fact_batch (person_id, fact_id);
grant select, insert, update, delete on fact_batch to weiwang_jobs;
grant select, delete on fact_batch to weiwang_retention;

-- Corrections that last (FEED-42): what a source said of a person and was found wrong. The id is a hash of source, person and
-- content; whatever the source says again inside it, in whichever batch and under whichever id of its own, falls on it.
create table fact_denied (
  person_id uuid not null,
  id uuid not null,
  source text collate "C" not null,
  kind text collate "C" not null,
  place text collate "C",
  value text collate "C",
  degree smallint,
  from_day date not null,
  to_day date not null,
  -- What decided it, and who.
  reason text not null,
  reason_id uuid not null,
  by uuid,
  at timestamptz not null,
  lifted_at timestamptz,
  lifted_by uuid,
  -- How often it came again, and when last.
  hits bigint not null default 0,
  hit_at timestamptz,
  primary key (person_id, id)
);
create index fact_denied_source on fact_denied (source, at desc) where lifted_at is null;
create index fact_denied_reason on fact_denied (reason_id);
grant select, insert, update, delete on fact_denied to weiwang_jobs;
grant select, delete on fact_denied to weiwang_retention;

create table risk_area (
  id uuid primary key,
  area text collate "C" not null,
  level text not null check (level in ('high', 'medium', 'low')),
  from_day date not null,
  to_day date,
  source text not null check (source in ('list', 'derived')),
  note text,
  by uuid,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  check (to_day is null or to_day >= from_day)
);
-- One entry for one area, level, first day and origin: a list that is loaded twice, or twice at once, changes nothing.
create unique index risk_area_once on risk_area (area, level, from_day, source) where withdrawn_at is null;
create index risk_area_area on risk_area (area, from_day) where withdrawn_at is null;
select weiwang_reference('risk_area', 'select, insert, update');

-- Daily cumulative counts as published, after carrying forward and before differences.
create table case_count (
  area text collate "C" not null,
  day date not null,
  confirmed integer not null,
  carried boolean not null default false,
  source text not null,
  primary key (area, day)
);
select weiwang_reference('case_count', 'select, insert, update');

-- What a worker found at a door, filed once; a correction is a new visit that supersedes the old. Both are kept.
-- `day` is the local day on which it counts (VISIT-4); `persons` the number of visit_person rows.
create table visit (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  task_id uuid,
  household_id uuid,
  campaign_id uuid,
  -- Under which instruction it went, whose door it counts (INSTR-6).
  instruction_id uuid,
  emergency_id uuid not null,
  method text not null check (method in ('door', 'phone', 'video', 'self_report', 'robot')),
  result text not null,
  disposition text,
  purpose text,
  form_id text,
  form_version integer,
  answers jsonb not null default '{}',
  answers_sealed bytea,
  note_sealed bytea,
  position_sealed bytea,
  persons smallint not null default 0,
  photos smallint not null default 0,
  supersedes uuid,
  superseded_by uuid,
  reason_sealed bytea,
  args_hash bytea not null,
  answer jsonb,
  by uuid not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  day date not null,
  primary key (id, county)
);
-- Paged by county or village, newest day first (see 0007).
create index visit_county on visit (county, day desc, recorded_at desc, id desc) include (area) where superseded_by is null;
create index visit_village on visit (village, day desc, recorded_at desc, id desc) include (area, county) where superseded_by is null;
create index visit_task on visit (county, task_id) where task_id is not null;
create index visit_household on visit (county, household_id, day desc) where household_id is not null;
create index visit_by on visit (by, day desc);
select weiwang_guard('visit', 'area', 'select, insert, update');
-- Thirty days after its campaign a visit loses what it says about people and stays as a count (DELETE-1).
alter table visit add column blanked_at timestamptz;
grant update (answers, answers_sealed, note_sealed, position_sealed, answer, reason_sealed, blanked_at) on visit to weiwang_retention;
create index visit_detail on visit (campaign_id) where blanked_at is null;

create table visit_person (
  county text collate "C" not null,
  visit_id uuid not null,
  person_id uuid not null,
  area text collate "C" not null,
  masked text not null default '',
  answers jsonb not null default '{}',
  answers_sealed bytea,
  primary key (county, visit_id, person_id)
);
create index visit_person_person on visit_person (person_id);
select weiwang_guard('visit_person', 'area', 'select, insert');

-- Pictures of visits, without metadata, sealed like every text. In the database, so that one backup and one deletion hold for
-- both and any process can serve them; decision 0004.
create table photo (
  county text collate "C" not null,
  id uuid not null,
  visit_id uuid not null,
  area text collate "C" not null,
  bytes integer not null,
  hash bytea not null,
  sealed bytea not null,
  by uuid not null,
  at timestamptz not null,
  primary key (id, county)
);
create index photo_visit on photo (county, visit_id, at);
select weiwang_guard('photo', 'area', 'select, insert');

-- Rule sets as data; runs; grades as an append-only history and a current row beside it.
create table rule_set (
  id uuid primary key,
  code text not null,
  version integer not null,
  area text collate "C" not null,
  name jsonb not null,
  about jsonb not null,
  rules jsonb not null,
  state text not null check (state in ('draft', 'proposed', 'active', 'retired')),
  created_by uuid,
  proposed_by uuid,
  approved_by uuid,
  created_at timestamptz not null,
  activated_at timestamptz,
  retired_at timestamptz,
  unique (code, version)
);
create unique index rule_set_active on rule_set (area) where state = 'active';
select weiwang_reference('rule_set', 'select, insert, update');

create table grade_run (
  id uuid primary key,
  area text collate "C" not null,
  rule_set_id uuid not null references rule_set (id),
  kind text not null check (kind in ('full', 'incremental', 'preview')),
  as_of date not null,
  state text not null check (state in ('waiting', 'running', 'done', 'held', 'failed')),
  counts jsonb not null default '{}',
  preview jsonb,
  guard jsonb,
  since timestamptz,
  job_id uuid,
  by uuid,
  approved_by uuid,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index grade_run_area on grade_run (area, started_at desc);
select weiwang_guard('grade_run', 'area', 'select, insert, update');

create table grade (
  person_id uuid not null,
  n integer not null,
  home_area text collate "C" not null,
  run_id uuid,
  rule_set_id uuid not null,
  grade text check (grade in ('red', 'yellow', 'blue')),
  colour text check (colour in ('red', 'yellow', 'green', 'pending')),
  from_day date not null,
  until_day date,
  reasons jsonb not null,
  by uuid,
  case_no text,
  recorded_at timestamptz not null,
  primary key (person_id, n)
);
create index grade_run_idx on grade (run_id, person_id);
select weiwang_guard('grade', 'home_area', 'select, insert');

-- The state beside the history: the latest grade of a person, until when it holds, and the day it must be looked at again.
create table grade_now (
  person_id uuid primary key,
  home_area text collate "C" not null,
  n integer not null,
  rule_set_id uuid not null,
  grade text,
  colour text,
  from_day date not null,
  until_day date,
  review_day date,
  reasons jsonb not null,
  recorded_at timestamptz not null
);
create index grade_now_area on grade_now (home_area, grade, person_id);
create index grade_now_review on grade_now (review_day) where review_day is not null;
select weiwang_guard('grade_now', 'home_area', 'select, insert, update');
grant delete on grade_now to weiwang_jobs;

-- Persons touched since the last run (new, withdrawn or corrected facts, moved household): the incremental run's input.
create table grade_dirty (
  person_id uuid not null,
  at timestamptz not null,
  primary key (person_id)
);
select weiwang_internal('grade_dirty');
grant insert, select on grade_dirty to weiwang_app;

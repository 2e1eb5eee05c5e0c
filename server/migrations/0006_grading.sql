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
  -- The account that created the proposer's: it may not approve (ACCESS-6).
  by_created_by uuid,
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
  state text not null check (state in ('waiting', 'running', 'done', 'held', 'refused', 'failed')),
  -- How far the run is: each chunk moves phase and cursor in its own transaction, so that a killed run goes on.
  phase text not null default 'touch' check (phase in ('touch', 'find', 'spread', 'judge', 'guard', 'apply', 'end')),
  chunk integer not null default 0,
  chunks integer not null default 1,
  counts jsonb not null default '{}',
  preview jsonb,
  guard jsonb,
  since timestamptz,
  job_id uuid,
  by uuid,
  by_created_by uuid,
  approved_by uuid,
  reason text,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index grade_run_area on grade_run (area, started_at desc);
create index grade_run_set on grade_run (rule_set_id, started_at desc);
create index grade_run_open on grade_run (started_at) where state = 'running';
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
-- Lists and pushes read whoever has a grade or a colour, in this order; a second index by grade would cost each run more than
-- all its lists save.
create index grade_now_list on grade_now (home_area, person_id) where grade is not null or colour is not null;
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

-- Persons to be judged again only because somebody behind the same door was touched: they touch nobody else in turn.
create table grade_near (
  person_id uuid primary key
);
select weiwang_internal('grade_near');

-- Changes by hand (GRADE-13, GRADE-24); many at once are one batch that a second person applies.
create table grade_manual_batch (
  id uuid primary key,
  area text collate "C" not null,
  state text not null check (state in ('proposed', 'applied', 'refused')),
  persons uuid[] not null,
  grade text check (grade in ('red', 'yellow', 'blue')),
  colour text check (colour in ('red', 'yellow', 'green', 'pending')),
  reason text not null,
  case_no text,
  until_day date not null,
  by uuid,
  by_created_by uuid,
  decided_by uuid,
  decision text,
  proposed_at timestamptz not null,
  decided_at timestamptz
);
create index grade_manual_batch_area on grade_manual_batch (area, proposed_at desc);
select weiwang_guard('grade_manual_batch', 'area', 'select, insert, update');

create table grade_manual (
  person_id uuid not null,
  id uuid not null,
  home_area text collate "C" not null,
  batch_id uuid,
  grade text check (grade in ('red', 'yellow', 'blue')),
  colour text check (colour in ('red', 'yellow', 'green', 'pending')),
  reason text not null,
  case_no text,
  from_day date not null,
  until_day date not null,
  by uuid,
  approved_by uuid,
  at timestamptz not null,
  -- Ended before its last day, because an objection to it was granted (GRADE-28).
  ended_at timestamptz,
  ended_by uuid,
  primary key (person_id, id),
  check (case_no is not null or (grade is distinct from 'red' and colour is distinct from 'red'))
);
create index grade_manual_area on grade_manual (home_area, at desc);
select weiwang_guard('grade_manual', 'home_area', 'select, insert');

-- Work of a run, keyed by person beside the facts; gone when the run has ended.
-- Whom an incremental run looks at; `apply` is false for those who are only looked at for the sake of their household.
create table grade_touch (
  run_id uuid not null,
  person_id uuid not null,
  apply boolean not null,
  primary key (run_id, person_id)
);
select weiwang_internal('grade_touch');

-- Facts that may meet a criterion, with the days of the place that match (spec, s_from, s_to); and, with a leaf, what a
-- household member brings, already judged.
create table grade_found (
  run_id uuid not null,
  person_id uuid not null,
  kind text collate "C" not null,
  place text collate "C",
  value text collate "C",
  degree smallint,
  from_day date not null,
  to_day date not null,
  source text collate "C" not null,
  recorded_at timestamptz not null,
  spec smallint,
  s_from date,
  s_to date,
  leaf smallint,
  start_day date,
  day date,
  until_day date,
  ok_until date
);
create index grade_found_person on grade_found (run_id, person_id);
select weiwang_internal('grade_found');

-- What would change, before it takes effect.
create table grade_next (
  run_id uuid not null,
  person_id uuid not null,
  home_area text collate "C" not null,
  prev_n integer not null,
  changed boolean not null,
  old_grade text,
  old_colour text,
  grade text,
  colour text,
  from_day date not null,
  until_day date,
  review_day date,
  reasons jsonb not null,
  sources text[] not null,
  primary key (run_id, person_id)
);
select weiwang_internal('grade_next');

-- Changes a day by county and by source, against which the guard measures a run (GRADE-22).
create table grade_change_day (
  kind text not null check (kind in ('place', 'source')),
  key text collate "C" not null,
  day date not null,
  n bigint not null,
  -- Of these, to red (GRADE-28).
  red bigint not null default 0,
  primary key (kind, key, day)
);
select weiwang_internal('grade_change_day');

-- What a preview or a proposed run would do, by grid: everybody graded before or after, also those who stay as they are.
-- Of its `grade_next` rows only a few a town are kept, as samples.
create table grade_preview (
  run_id uuid not null,
  area text collate "C" not null,
  old_grade text not null,
  old_colour text not null,
  grade text not null,
  colour text not null,
  n bigint not null,
  primary key (run_id, area, old_grade, old_colour, grade, colour)
);
select weiwang_internal('grade_preview');

-- Numbers of the guard as they were proposed and decided; those in force lie in `setting` under grading.guard (GRADE-27). One
-- proposal at a time, so that nobody decides about numbers that another decision has just changed.
create table grade_guard_change (
  id uuid primary key,
  area text collate "C" not null,
  state text not null check (state in ('proposed', 'applied', 'refused')),
  before jsonb not null,
  settings jsonb not null,
  reason text not null,
  by uuid,
  by_created_by uuid,
  decided_by uuid,
  decision text,
  proposed_at timestamptz not null,
  decided_at timestamptz
);
create unique index grade_guard_change_open on grade_guard_change (area) where state = 'proposed';
create index grade_guard_change_newest on grade_guard_change (proposed_at desc);
select weiwang_reference('grade_guard_change', 'select, insert, update');

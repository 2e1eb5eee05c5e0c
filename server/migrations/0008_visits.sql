-- What a worker found at a door, filed once; a correction is a new visit that supersedes the old.
create table visit (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  task_id uuid,
  household_id uuid,
  campaign_id uuid,
  emergency_id uuid not null,
  method text not null check (method in ('door', 'phone', 'video', 'self_report', 'robot')),
  result text not null,
  disposition text,
  answers jsonb not null default '{}',
  answers_sealed bytea,
  note_sealed bytea,
  supersedes uuid,
  superseded_by uuid,
  by uuid not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  day date not null,
  primary key (county, id)
);
create index visit_area on visit (area, recorded_at desc, id);
create index visit_day on visit (area, day, id);
create index visit_task on visit (county, task_id);
create index visit_household on visit (county, household_id, recorded_at desc);
create index visit_by on visit (by, recorded_at desc);
select weiwang_guard('visit', 'area', 'select, insert, update');

create table visit_person (
  county text collate "C" not null,
  visit_id uuid not null,
  person_id uuid not null,
  area text collate "C" not null,
  primary key (county, visit_id, person_id)
);
create index visit_person_person on visit_person (person_id);
select weiwang_guard('visit_person', 'area', 'select, insert');

-- Lists, tasks (events first, state beside), the lock of one open task per person and campaign.
create table push (
  id uuid primary key,
  area text collate "C" not null,
  run_id uuid,
  campaign_id uuid not null,
  state text not null check (state in ('proposed', 'running', 'done', 'failed')),
  counts jsonb not null default '{}',
  job_id uuid,
  by uuid,
  approved_by uuid,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index push_area on push (area, started_at desc);
select weiwang_guard('push', 'area', 'select, insert, update');

create table list_entry (
  county text collate "C" not null,
  push_id uuid not null,
  person_id uuid not null,
  area text collate "C" not null,
  grade text not null,
  outcome text not null check (outcome in ('task', 'kept_open', 'answered_before', 'unresolved')),
  task_id uuid,
  at timestamptz not null,
  primary key (county, push_id, person_id)
);
create index list_entry_area on list_entry (area, push_id);
select weiwang_guard('list_entry', 'area', 'select, insert, update');

create table task (
  county text collate "C" not null,
  id uuid not null,
  root uuid not null,
  area text collate "C" not null,
  campaign_id uuid not null,
  kind text not null check (kind in ('check')),
  person_id uuid,
  household_id uuid,
  masked text not null,
  grade text not null check (grade in ('red', 'yellow', 'blue')),
  state text not null,
  assignee uuid,
  disposition text,
  attempts smallint not null default 0,
  bounces smallint not null default 0,
  escalated smallint not null default 0,
  accept_by timestamptz,
  answer_by timestamptz not null,
  next_escalation timestamptz,
  reasons jsonb not null,
  sources text[] not null default '{}',
  reference text not null,
  opened_at timestamptz not null,
  accepted_at timestamptz,
  answered_at timestamptz,
  closed_at timestamptz,
  updated_at timestamptz not null,
  version integer not null,
  primary key (county, id)
);
create index task_open on task (area, grade, answer_by, id) where closed_at is null;
create index task_due on task (area, answer_by) where closed_at is null;
create index task_area on task (area, opened_at desc, id);
create index task_person on task (person_id);
create index task_escalate on task (next_escalation) where closed_at is null and next_escalation is not null;
create unique index task_reference on task (county, reference);
select weiwang_guard('task', 'area', 'select, insert, update');

create table task_event (
  county text collate "C" not null,
  task_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, task_id, n)
);
select weiwang_guard('task_event', 'area', 'select, insert');

create table open_task (
  person_id uuid not null,
  campaign_id uuid not null,
  home_area text collate "C" not null,
  county text collate "C" not null,
  task_id uuid not null,
  primary key (person_id, campaign_id)
);
grant select, insert, update, delete on open_task to weiwang_app;
grant select, insert, update, delete on open_task to weiwang_jobs;
grant select, delete on open_task to weiwang_retention;

-- Lists, tasks (events first, state beside), the lock of one open task per person and campaign.
-- Lists are paged by county or by village: each list has an index that begins with the key and goes on in the list's order,
-- so that the first page costs the same in the densest and in the sparsest area (case 38). `village` is the first twelve digits
-- of the area. It is a column and not an expression: row security lets only leakproof operators reach an index, and left()
-- is none.

-- A push: proposed with its consequence in numbers, decided by a second person, run in chunks from `cursor` on.
create table push (
  id uuid primary key,
  area text collate "C" not null,
  run_id uuid,
  campaign_id uuid not null,
  state text not null check (state in ('proposed', 'running', 'done', 'failed', 'refused')),
  consequence jsonb not null default '{}',
  cursor jsonb,
  counts jsonb not null default '{}',
  job_id uuid,
  by uuid,
  by_created_by uuid,
  approved_by uuid,
  reason text,
  started_at timestamptz not null,
  decided_at timestamptz,
  finished_at timestamptz
);
create index push_area on push (area, started_at desc);
select weiwang_guard('push', 'area', 'select, insert, update');

create table list_entry (
  county text collate "C" not null,
  push_id uuid not null,
  person_id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  masked text not null,
  grade text not null,
  outcome text not null check (outcome in ('task', 'kept_open', 'answered_before', 'unresolved')),
  task_id uuid,
  day date not null,
  at timestamptz not null,
  primary key (county, push_id, person_id)
);
create index list_entry_county on list_entry (county, day desc, at desc, person_id desc);
create index list_entry_village on list_entry (village, day desc, at desc, person_id desc);
create index list_entry_person on list_entry (person_id);
select weiwang_guard('list_entry', 'area', 'select, insert, update');

-- The last reference number given in a county.
create table task_number (
  county text collate "C" primary key,
  n bigint not null
);
select weiwang_reference('task_number', 'select, insert, update');

-- accept_by: until when it must be accepted, null once it is. urgency: 1 red, 2 yellow, 3 blue. Open means answered_at and
-- closed_at are both null; lateness is a comparison at read time (case 66).
create table task (
  county text collate "C" not null,
  id uuid not null,
  root uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  campaign_id uuid not null,
  push_id uuid,
  kind text not null check (kind in ('check', 'welfare')),
  person_id uuid,
  household_id uuid,
  masked text not null,
  grade text not null check (grade in ('red', 'yellow', 'blue')),
  urgency smallint not null,
  state text not null,
  outcome text check (outcome in ('answered', 'withdrawn', 'moved', 'merged_duplicate', 'expired')),
  assignee uuid,
  disposition text,
  attempts smallint not null default 0,
  bounces smallint not null default 0,
  escalated smallint not null default 0,
  accept_by timestamptz,
  answer_by timestamptz not null,
  next_escalation timestamptz,
  next_try timestamptz,
  due_day date,
  reasons jsonb not null,
  sources text[] not null default '{}',
  reference text not null,
  opened_at timestamptz not null,
  accepted_at timestamptz,
  answered_at timestamptz,
  answered_day date,
  closed_at timestamptz,
  closed_day date,
  updated_at timestamptz not null,
  version integer not null,
  primary key (id, county)
);
create index task_open_county on task (county, urgency, answer_by, id) where answered_at is null and closed_at is null;
create index task_open_village on task (village, urgency, answer_by, id) where answered_at is null and closed_at is null;
-- For the figures of now and the totals of their lists.
create index task_open_area on task (area) include (grade, state, answer_by, accept_by, accepted_at, escalated) where answered_at is null and closed_at is null;
create index task_review on task (area, answered_at) where state = 'review';
create index task_answered_county on task (county, answered_day desc, answered_at desc, id desc) where answered_day is not null;
create index task_answered_village on task (village, answered_day desc, answered_at desc, id desc) where answered_day is not null;
create index task_ended on task (area, closed_day) where outcome in ('withdrawn', 'expired');
create index task_person on task (person_id, campaign_id);
create index task_root on task (root);
create index task_assignee on task (assignee) where answered_at is null and closed_at is null;
create index task_escalate on task (next_escalation) where answered_at is null and closed_at is null and next_escalation is not null;
-- For a campaign that ends.
create index task_campaign on task (campaign_id, id) where answered_at is null and closed_at is null;
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
  text_sealed bytea,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, task_id, n)
);
select weiwang_guard('task_event', 'area', 'select, insert');

-- The lock: one open task per person and campaign. Held until the task closes.
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

-- A person whose open task went along to another area: one row at each end. `shared` is the number of levels that both areas
-- have in common, so that one row serves every level (STAT-7).
create table task_transfer (
  county text collate "C" not null,
  task_id uuid not null,
  n integer not null,
  direction text not null check (direction in ('in', 'out')),
  area text collate "C" not null,
  other text collate "C" not null,
  shared smallint not null,
  masked text not null,
  day date not null,
  at timestamptz not null,
  primary key (county, task_id, n, direction)
);
create index task_transfer_area on task_transfer (direction, area, day);
select weiwang_guard('task_transfer', 'area', 'select, insert');

-- TASK-4: who was told that a task is late, one row a person, and what became of it. `told` is the level told, `area` where the
-- task lay. Dealt with by a word of the closed list; a task that is answered or ends deals with all of its rows.
create table escalation (
  county text collate "C" not null,
  task_id uuid not null,
  n integer not null,
  account_id uuid not null,
  account_name text not null,
  area text collate "C" not null,
  told text collate "C" not null,
  clock text not null check (clock in ('accept', 'answer')),
  step smallint not null,
  urgency smallint not null,
  at timestamptz not null,
  seen_at timestamptz,
  dealt text check (dealt in ('passed', 'called', 'closed')),
  dealt_by uuid,
  dealt_at timestamptz,
  primary key (county, task_id, n, account_id)
);
create index escalation_mine on escalation (account_id, urgency, at, task_id, n);
create index escalation_new on escalation (account_id) where seen_at is null and dealt is null;
create index escalation_county on escalation (county, urgency, at, task_id, n, account_id);
select weiwang_guard('escalation', 'area', 'select, insert, update');

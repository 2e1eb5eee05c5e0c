-- Contradictions: what of a declaration does not fit what is known. Both sides stand here as codes (`said`, `known`); every free text is
-- sealed. There is no column for a colour, a grade or a number of points, and no other room reads this table to give one (TRUTH-2).
-- `id` is made of the declaration and the kind, so that a finder that runs again falls on the row that is there.
create table contradiction (
  person_id uuid not null,
  id uuid not null,
  home_area text collate "C" not null,
  county text collate "C" not null generated always as (left(home_area, 6)) stored,
  village text collate "C" not null generated always as (left(home_area, 12)) stored,
  emergency_id uuid not null,
  -- Null for a sign of misuse, which rests on no single declaration.
  declaration_id uuid,
  kind text not null check (kind in ('stay_denied', 'stay_shortened', 'abroad_denied', 'contact_denied', 'measure_denied', 'symptom_denied', 'arrival_differs', 'shared_phone', 'shared_key')),
  sources text[] not null,
  declared_on date not null,
  said jsonb not null,
  known jsonb not null,
  state text not null check (state in ('open', 'asked', 'answered', 'closed', 'ceased')),
  outcome text check (outcome in ('honest_error', 'our_error', 'false', 'unknown')),
  asked_how text check (asked_how in ('call', 'visit')),
  asked_by uuid,
  task_county text collate "C",
  task_id uuid,
  finding text,
  explained_at timestamptz,
  decided_by uuid,
  decided_at timestamptz,
  corrected_by uuid,
  ceased text check (ceased in ('corrected', 'withdrawn')),
  found_at timestamptz not null,
  found_day date not null,
  ended_at timestamptz,
  updated_at timestamptz not null,
  version integer not null default 1,
  primary key (person_id, id),
  check ((outcome is null) = (decided_at is null)),
  check ((state in ('closed', 'ceased')) = (ended_at is not null))
);
-- Of one person and kind one is open at a time (TRUTH-7).
create unique index contradiction_one on contradiction (person_id, kind) where state in ('open', 'asked', 'answered');
create index contradiction_id on contradiction (id);
create index contradiction_county on contradiction (county, found_at desc, id desc);
create index contradiction_village on contradiction (village, found_at desc, id desc);
create index contradiction_waiting_county on contradiction (county, found_at desc, id desc) where state in ('open', 'answered');
create index contradiction_waiting_village on contradiction (village, found_at desc, id desc) where state in ('open', 'answered');
create index contradiction_area on contradiction (home_area, found_day) include (kind, state, outcome);
create index contradiction_live on contradiction (declared_on, person_id) where state in ('open', 'asked', 'answered');
create index contradiction_task on contradiction (task_id) where task_id is not null;
create index contradiction_ended on contradiction (ended_at) where ended_at is not null;
create index contradiction_emergency on contradiction (emergency_id);
select weiwang_guard('contradiction', 'home_area', 'select, insert, update');

create table contradiction_event (
  person_id uuid not null,
  contradiction_id uuid not null,
  n integer not null,
  home_area text collate "C" not null,
  kind text not null check (kind in ('found', 'evidence', 'asked', 'finding', 'explained', 'decided', 'ceased', 'corrected')),
  body jsonb not null default '{}',
  by uuid,
  text_sealed bytea,
  at timestamptz not null,
  primary key (person_id, contradiction_id, n)
);
select weiwang_guard('contradiction_event', 'home_area', 'select, insert');

-- Whose declaration or whose facts have changed since the finder looked last; taken and deleted by the finder.
create table contradiction_due (
  person_id uuid primary key,
  at timestamptz not null
);
select weiwang_internal('contradiction_due');

-- Objections to a colour: events first, the row beside; proof as sealed pictures; the temporary paper pass for hardship.

create table objection (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  person_id uuid,
  masked text not null,
  -- Who opened it: the resident's account, or the desk's.
  by uuid,
  asker text not null check (asker in ('self', 'account', 'desk_self', 'desk_relative')),
  ground text not null check (ground in (
    'period_over', 'wrong_person', 'never_there', 'not_a_contact', 'data_late', 'result_missing', 'household', 'other')),
  colour text check (colour in ('red', 'yellow', 'green', 'pending')),
  -- The reason that is objected to: its rule and the source of its fact, for the figures.
  rule text collate "C",
  source text collate "C",
  -- The reasons of the colour as they were when it was opened.
  reasons jsonb not null default '[]',
  words_sealed bytea,
  -- A relative at the desk: name, telephone, relation.
  relative_sealed bytea,
  -- As the events last had it; whose turn it is now is a function of the moment.
  stage text not null check (stage in ('community', 'street', 'county', 'city')),
  due_by timestamptz not null,
  all_due_by timestamptz not null,
  asked_until timestamptz,
  escalations smallint not null default 0,
  proofs smallint not null default 0,
  opened_at timestamptz not null,
  opened_day date not null,
  outcome text check (outcome in ('granted', 'refused', 'withdrawn')),
  wrong text,
  refusal text,
  -- What the decision says of the source, counted for its precision.
  finding text collate "C",
  minutes integer,
  was_late boolean not null default false,
  was_overdue boolean not null default false,
  closed_at timestamptz,
  closed_day date,
  updated_at timestamptz not null,
  version integer not null,
  blanked_at timestamptz,
  primary key (id, county)
);
-- One at a time for each person.
create unique index objection_one on objection (county, person_id) where closed_at is null;
create index objection_person on objection (person_id, opened_at desc) where person_id is not null;
create index objection_open_county on objection (county, due_by, id) where closed_at is null;
create index objection_open_village on objection (village, due_by, id) where closed_at is null;
create index objection_opened_county on objection (county, opened_day desc, opened_at desc, id desc);
create index objection_opened_village on objection (village, opened_day desc, opened_at desc, id desc);
create index objection_closed_county on objection (county, closed_day desc, closed_at desc, id desc) where closed_at is not null;
create index objection_closed_village on objection (village, closed_day desc, closed_at desc, id desc) where closed_at is not null;
-- The figures of a span look at what is open, was opened in it, was closed in it: three small parts instead of the whole.
create index objection_opened_day on objection (opened_day, area);
create index objection_closed_day on objection (closed_day, area) where closed_at is not null;
create index objection_source on objection (source) where closed_at is not null;
create index objection_due on objection (due_by, id) where closed_at is null;
create index objection_kept on objection (closed_at) where blanked_at is null and closed_at is not null;
create index objection_emergency on objection (emergency_id);
select weiwang_guard('objection', 'area', 'select, insert, update');
grant update (person_id, masked, by, reasons, words_sealed, relative_sealed, blanked_at) on objection to weiwang_retention;

create table objection_event (
  county text collate "C" not null,
  objection_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  text_sealed bytea,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, objection_id, n)
);
select weiwang_guard('objection_event', 'area', 'select, insert');

create table objection_proof (
  county text collate "C" not null,
  objection_id uuid not null,
  id uuid not null,
  area text collate "C" not null,
  kind text not null check (kind in ('ticket', 'test', 'paper', 'photo')),
  bytes integer not null,
  hash bytea not null,
  sealed bytea not null,
  by uuid,
  at timestamptz not null,
  primary key (county, objection_id, id)
);
select weiwang_guard('objection_proof', 'area', 'select, insert');

-- Whoever moves to another county takes an open objection along (OBJECT-16): it is written there and taken away here.
grant delete on objection, objection_event, objection_proof to weiwang_jobs;

-- A temporary paper pass for hardship. It changes no colour; a gate sees it by the person, or by its number.
create table hardship_pass (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  person_id uuid,
  masked text not null,
  number text collate "C" not null,
  reason text not null check (reason in ('hospital', 'birth', 'funeral', 'dying', 'medicine')),
  to_sealed bytea,
  issued_by uuid,
  issued_at timestamptz not null,
  issued_day date not null,
  until_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_why text,
  blanked_at timestamptz,
  primary key (id, county)
);
create unique index hardship_pass_number on hardship_pass (county, number);
create index hardship_pass_person on hardship_pass (person_id, until_at desc) where person_id is not null;
create index hardship_pass_open on hardship_pass (county, until_at, id) where revoked_at is null;
create index hardship_pass_area on hardship_pass (area, issued_day desc, id desc);
create index hardship_pass_kept on hardship_pass (until_at) where blanked_at is null;
create index hardship_pass_emergency on hardship_pass (emergency_id);
select weiwang_guard('hardship_pass', 'area', 'select, insert, update');
-- OBJECT-17: passes of the last days are known again by their marks when passages are opened.
create index hardship_pass_day on hardship_pass (issued_day);
grant update (person_id, masked, to_sealed, issued_by, revoked_by, blanked_at) on hardship_pass to weiwang_retention;

-- Changes that phones hand in: what two people say differently about one field, what a phone's own ids became, calls for help.

-- The last change of each field by a phone, {field: {by, from, to, at}} with keyed hashes of the values: a worker's second edit
-- made offline is told from somebody else's (case 46).
alter table person add column edits jsonb not null default '{}';
alter table household add column edits jsonb not null default '{}';
-- Words of a closed list about the place, for the next who comes; never about a person (PEOPLE-22).
alter table household add column hazards text[] not null default '{}';
-- WGS-84 degrees and metres. From a visit at the door, or set by hand, which a visit does not change (PEOPLE-23).
alter table household add column lat double precision;
alter table household add column lng double precision;
alter table household add column accuracy double precision;
alter table household add column position_by text check (position_by in ('visit', 'hand'));

-- One field of one person or door under two values, for whoever may decide (PEOPLE-19). `against_hash` is the value that stood
-- there when it was last looked at, so that what was decided about a pair of values is not asked again.
create table field_conflict (
  thing_id uuid not null,
  id uuid not null,
  thing text not null check (thing in ('person', 'household')),
  area text collate "C" not null,
  emergency_id uuid not null,
  field text not null,
  why text not null check (why in ('changed', 'document', 'register')),
  from_sealed bytea,
  to_sealed bytea,
  to_hash bytea not null,
  against_hash bytea not null,
  note_sealed bytea,
  by uuid not null,
  by_name text not null,
  -- Others who said the same value later.
  also uuid[] not null default '{}',
  made_at timestamptz not null,
  recorded_at timestamptz not null,
  state text not null check (state in ('open', 'kept', 'taken', 'settled', 'superseded')),
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  reason_sealed bytea,
  primary key (thing_id, id)
);
create unique index field_conflict_once on field_conflict (thing_id, field, to_hash) where state = 'open';
create index field_conflict_field on field_conflict (thing_id, field, recorded_at);
create index field_conflict_area on field_conflict (area, id) where state = 'open';
create index field_conflict_id on field_conflict (id);
create index field_conflict_by on field_conflict (by, id desc);
create index field_conflict_also on field_conflict using gin (also);
create index field_conflict_decided on field_conflict (decided_at) where decided_at is not null;
select weiwang_guard('field_conflict', 'area', 'select, insert, update');

-- The id under which a phone made a person or door, and the record that it became: later items of the phone may go on naming it.
-- Ids alone: everybody resolves them, whoever may not see the record.
create table person_made (
  id uuid primary key,
  person_id uuid not null
);
create index person_made_person on person_made (person_id);
select weiwang_reference('person_made', 'select, insert');
create table household_made (
  id uuid primary key,
  household_id uuid not null
);
create index household_made_household on household_made (household_id);
select weiwang_reference('household_made', 'select, insert');

-- A worker's call for help (HELP-1), until somebody has dealt with it.
create table help_call (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  task_id uuid,
  household_id uuid,
  -- Where the phone was, and the worker's words.
  detail_sealed bytea,
  made_at timestamptz not null,
  recorded_at timestamptz not null,
  -- How far up it was told: the level of the area whose desk was told last.
  told_level smallint not null,
  told_at timestamptz not null,
  state text not null check (state in ('open', 'seen', 'closed')),
  seen_by uuid,
  seen_by_name text,
  seen_at timestamptz,
  closed_by uuid,
  closed_by_name text,
  closed_at timestamptz,
  note_sealed bytea,
  primary key (id, county)
);
create index help_call_waiting on help_call (area, id) where state <> 'closed';
create index help_call_rising on help_call (told_at) where state = 'open';
create index help_call_area on help_call (area, id desc);
create index help_call_account on help_call (account_id, id desc);
create index help_call_closed on help_call (closed_at) where closed_at is not null;
select weiwang_guard('help_call', 'area', 'select, insert, update');

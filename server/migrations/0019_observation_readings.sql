-- Readings of observed people: when each is asked next, what came, what was missed, who is called, what was sent.
-- What a slot is at a moment follows from dates (READ-1, case 66); rows here say what came and what was done about it.

-- Slots and steps of an area (READ-1); the nearest area around holds, as delivered where there is none.
create table reading_plan (
  area text collate "C" primary key,
  plan jsonb not null,
  set_by uuid,
  set_by_name text not null,
  set_at timestamptz not null,
  version integer not null
);
select weiwang_reference('reading_plan', 'select, insert, update');

-- One row for each observation that has ever been asked for readings. `next_due` is the next instant at which something has to be
-- done (a reminder, a deadline, a step by hours) and null when there is none: the job reads its index and nothing else, so that it
-- costs what is due and not what was ever observed (READ-10). `area` is where the person stays, `responsible_area` what counts it.
create table reading_due (
  county text collate "C" not null,
  observation_id uuid not null,
  area text collate "C" not null,
  responsible_area text collate "C" not null,
  emergency_id uuid not null,
  person_id uuid not null,
  household_id uuid,
  responder_person_id uuid not null,
  masked text not null,
  -- "the n-th of mine": what a message says instead of a name.
  ordinal smallint not null,
  contact text not null check (contact in ('sms', 'voice', 'door')),
  -- Null: the deployment's zone.
  zone text,
  first_day date not null,
  last_day date not null,
  from_at timestamptz not null,
  -- When the observation ended, or stood still (hospital).
  ended_at timestamptz,
  handled_to timestamptz not null,
  next_due timestamptz,
  missed smallint not null default 0,
  since timestamptz,
  how text check (how in ('call', 'door')),
  heard_at timestamptz,
  updated_at timestamptz not null,
  primary key (county, observation_id)
);
create index reading_due_next on reading_due (next_due, observation_id) where next_due is not null;
create index reading_due_responder on reading_due (responder_person_id);
create index reading_due_area on reading_due (area, observation_id) where ended_at is null;
select weiwang_guard('reading_due', 'area', 'select, insert, update');

-- A slot that a reading has come for, or whose deadline passed without one: what the figures count (READ-16). `area` is the area
-- that counts the person. Holds nothing personal and outlives the readings.
create table reading_slot (
  county text collate "C" not null,
  observation_id uuid not null,
  day date not null,
  part text not null check (part in ('morning', 'noon', 'evening', 'night')),
  area text collate "C" not null,
  responsible_county text collate "C" not null generated always as (left(area, 6)) stored,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  due_at timestamptz not null,
  state text not null check (state in ('on_time', 'late', 'missed')),
  how text,
  taken_at timestamptz,
  recorded_at timestamptz not null,
  primary key (county, observation_id, day, part)
);
create index reading_slot_county on reading_slot (responsible_county, state, day desc, due_at desc, observation_id desc);
create index reading_slot_village on reading_slot (village, state, day desc, due_at desc, observation_id desc);
select weiwang_guard('reading_slot', 'area', 'select, insert, update');

-- What was said, filed once; a correction is a new row beside the old one. Temperature in tenths of a degree.
create table reading (
  county text collate "C" not null,
  id uuid not null,
  observation_id uuid not null,
  person_id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  day date not null,
  part text not null,
  how text not null check (how in ('self', 'link', 'phone', 'door')),
  temperature smallint,
  symptoms text[] not null default '{}',
  mood text,
  needs text[] not null default '{}',
  note_sealed bytea,
  confirmed boolean not null default false,
  fever boolean not null,
  alarm boolean not null,
  by uuid,
  args_hash bytea not null,
  answer jsonb,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  supersedes uuid,
  superseded_by uuid,
  primary key (id, county)
);
create index reading_observation on reading (county, observation_id, occurred_at desc);
create index reading_alarm on reading (area, recorded_at desc) where alarm and superseded_by is null;
select weiwang_guard('reading', 'area', 'select, insert, update');

-- Whom somebody has to speak to: called every day because messages do not reach (round), or nothing came (missed). At most one
-- open for each observation; its task is the grid's.
create table reading_call (
  county text collate "C" not null,
  id uuid not null,
  observation_id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  why text not null check (why in ('round', 'missed')),
  how text not null check (how in ('call', 'door')),
  missed smallint not null default 0,
  since timestamptz,
  task_id uuid,
  opened_at timestamptz not null,
  not_before timestamptz not null,
  tries smallint not null default 0,
  last_outcome text,
  last_at timestamptz,
  last_by uuid,
  closed text check (closed in ('answered', 'reached', 'ended')),
  closed_at timestamptz,
  primary key (id, county)
);
create unique index reading_call_open on reading_call (county, observation_id) where closed_at is null;
create index reading_call_county on reading_call (county, not_before, id) where closed_at is null;
create index reading_call_village on reading_call (village, not_before, id) where closed_at is null;
create index reading_call_area on reading_call (area) where closed_at is null;
create index reading_call_done on reading_call (area, closed_at desc, id) where closed_at is not null;
create index reading_call_observation on reading_call (county, observation_id);
select weiwang_guard('reading_call', 'area', 'select, insert, update');

-- One reminder to one responder and slot (case 27); its text is made when it leaves, from who is still asked for then.
create table reading_message (
  id uuid primary key,
  responder_person_id uuid not null,
  day date not null,
  part text not null,
  county text collate "C" not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  due_at timestamptz not null,
  zone text not null,
  not_before timestamptz not null,
  state text not null check (state in ('waiting', 'sent', 'dropped', 'voice', 'stopped', 'failed')),
  tries smallint not null default 0,
  persons smallint not null default 0,
  claimed_at timestamptz,
  sent_at timestamptz,
  at timestamptz not null
);
create unique index reading_message_once on reading_message (responder_person_id, day, part);
create index reading_message_waiting on reading_message (not_before, id) where state = 'waiting';
create index reading_message_area on reading_message (area, at desc, id desc);
select weiwang_guard('reading_message', 'area', 'select, insert, update');

-- A link of a message: the hash of 128 random bits, one person, one slot (READ-13).
create table reading_link (
  token_hash bytea primary key,
  county text collate "C" not null,
  observation_id uuid not null,
  message_id uuid not null,
  number_hash bytea not null,
  day date not null,
  part text not null,
  ordinal smallint not null,
  due_at timestamptz not null,
  closes_at timestamptz not null,
  reading_id uuid,
  used_at timestamptz
);
create index reading_link_closes on reading_link (closes_at);
create index reading_link_observation on reading_link (county, observation_id);
select weiwang_internal('reading_link');

-- Numbers that asked for no more messages, as keyed hashes of their one form: holds for whoever is enrolled later (case 29).
create table message_stop (
  number_hash bytea primary key,
  at timestamptz not null,
  how text not null check (how in ('reply', 'link', 'desk'))
);
select weiwang_internal('message_stop');

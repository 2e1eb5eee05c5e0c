-- Gates (卡口), passages, referrals, and the opening of passages to find the contacts of a case.

-- A gate is a post of the forces (its roster and shifts stand there) with a policy and a name in both languages.
create table gate (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  post_id uuid not null,
  kind text not null check (kind in ('road', 'estate', 'station', 'venue')),
  name jsonb not null,
  policy jsonb not null,
  version integer not null default 1,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create unique index gate_post on gate (county, post_id) where ended_at is null;
create index gate_area on gate (area, id);
select weiwang_guard('gate', 'area', 'select, insert, update');

-- GATE-10: county of the gate, the day's code id sealed under the passage key of the day, never a person. What a visitor gave and a plate
-- lie beside it, sealed apart. Everything else is words of closed lists. Without `on conflict` a repeat would count twice.
create table passage (
  county text collate "C" not null,
  id uuid not null,
  gate_id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  day date not null,
  hour smallint not null check (hour between 0 and 23),
  at timestamptz not null,
  recorded_at timestamptz not null,
  direction text not null check (direction in ('in', 'out')),
  lane text not null check (lane in ('code', 'paper', 'document', 'hardship', 'no_code', 'visitor', 'emergency')),
  checked text check (checked in ('valid', 'by_hand', 'refused')),
  check_rule text,
  colour text check (colour in ('red', 'yellow', 'green', 'pending')),
  verdict text not null check (verdict in ('admit', 'admit_with_temp', 'refuse_refer', 'hold_fever', 'emergency_pass')),
  temperature smallint,
  retest smallint,
  retest_at timestamptz,
  -- The threshold of the gate's policy at the time.
  threshold smallint not null,
  companions smallint,
  vehicle boolean not null,
  clock_trusted boolean not null,
  list_age_min integer,
  code_sealed bytea,
  more_sealed bytea,
  primary key (county, id)
);
create index passage_county on passage (county, day desc, at desc, id desc);
create index passage_village on passage (village, day desc, at desc, id desc);
create index passage_gate on passage (county, gate_id, day desc, at desc, id desc);
create index passage_day on passage (day);
-- Presentations that were shown before (CODE-9), counted by gate and never by person (TRUTH-13).
create index passage_reused on passage (area, day, gate_id) where check_rule = 'CODE-9';
create index passage_at on passage (county, gate_id, at);
create index passage_emergency on passage (emergency_id, id);
select weiwang_guard('passage', 'area', 'select, insert, update');

-- Figures by gate and hour, in the transaction of the passage; they stay when the passages go.
create table gate_hour (
  county text collate "C" not null,
  gate_id uuid not null,
  area text collate "C" not null,
  day date not null,
  hour smallint not null,
  metric text collate "C" not null,
  n integer not null,
  primary key (county, gate_id, area, day, hour, metric)
) with (fillfactor = 80);
create index gate_hour_day on gate_hour (day, area);
select weiwang_guard('gate_hour', 'area', 'select, insert, update');

-- The keys of days lie beside the key file and in no database; here stands that one was made and when it was destroyed.
create table passage_key (
  id uuid primary key,
  emergency_id uuid not null,
  day date not null,
  made_at timestamptz not null,
  destroyed_at timestamptz
);
create index passage_key_day on passage_key (day, emergency_id);
select weiwang_reference('passage_key', 'select, insert');
grant update on passage_key to weiwang_retention;

-- GATE-7: whoever did not simply pass, and where he went.
create table gate_referral (
  county text collate "C" not null,
  id uuid not null,
  gate_id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  passage_id uuid,
  day date not null,
  at timestamptz not null,
  recorded_at timestamptz not null,
  why text not null check (why in ('red', 'yellow', 'pending', 'fever', 'key_area', 'code_refused')),
  disposition text not null check (disposition in ('isolation_site', 'fever_clinic', 'grid', 'turned_back', 'cleared')),
  home_proof text check (home_proof in ('document', 'property', 'lease', 'vouched')),
  home_area text collate "C",
  called text,
  masked text not null,
  private_sealed bytea,
  person_id uuid,
  task_county text collate "C",
  task_id uuid,
  reference text,
  outcome text check (outcome in ('arrived', 'lost', 'none_needed')),
  closed_at timestamptz,
  closed_by text,
  blanked_at timestamptz,
  primary key (county, id)
);
create index gate_referral_open on gate_referral (area, at) where closed_at is null;
create index gate_referral_county on gate_referral (county, day, at desc, id desc);
create index gate_referral_village on gate_referral (village, day, at desc, id desc);
create index gate_referral_kept on gate_referral (day) where blanked_at is null;
create index gate_referral_task on gate_referral (task_county, task_id) where closed_at is null;
create index gate_referral_emergency on gate_referral (emergency_id, id);
select weiwang_guard('gate_referral', 'area', 'select, insert, update');
grant update (passage_id, home_area, called, masked, private_sealed, person_id, task_county, task_id, reference, blanked_at) on gate_referral to weiwang_retention;

-- GATE-11: gates and hours, a case number, two people. No column names a person, a code or a vehicle; what was found is sealed under
-- the passage key of the day and goes with it.
create table passage_opening (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  case_number text not null,
  gate_ids uuid[] not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  day date not null,
  reason_sealed bytea,
  state text not null check (state in ('proposed', 'refused', 'done', 'gone')),
  proposed_by uuid,
  proposed_by_created_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by_name text,
  decided_at timestamptz,
  note_sealed bytea,
  counts jsonb,
  result_sealed bytea,
  primary key (county, id)
);
create index passage_opening_area on passage_opening (area, proposed_at desc, id desc);
create index passage_opening_case on passage_opening (case_number, proposed_at);
create index passage_opening_day on passage_opening (day) where state <> 'gone';
create index passage_opening_emergency on passage_opening (emergency_id, id);
select weiwang_guard('passage_opening', 'area', 'select, insert, update');
grant update (state, reason_sealed, note_sealed, result_sealed) on passage_opening to weiwang_retention;

-- GATE-8: looks by document, for the limits; a day long.
create table gate_lookup (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  found boolean not null,
  at timestamptz not null,
  primary key (county, id)
);
create index gate_lookup_account on gate_lookup (account_id, at);
create index gate_lookup_at on gate_lookup (at);
select weiwang_guard('gate_lookup', 'area', 'select, insert');

-- GATE-15: whom an act at a gate was about, as a mark under the passage key of the day: found by who asks for himself as long as the
-- passages are kept, and by nobody later. The trail itself says gate, moment and act without a person.
create table gate_named (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  day date not null,
  at timestamptz not null,
  actor uuid,
  verb text not null,
  purpose text,
  mark bytea not null check (octet_length(mark) = 16),
  primary key (county, id)
);
create index gate_named_mark on gate_named (mark, at desc);
create index gate_named_day on gate_named (day);
create index gate_named_emergency on gate_named (emergency_id, id);
select weiwang_guard('gate_named', 'area', 'select, insert');

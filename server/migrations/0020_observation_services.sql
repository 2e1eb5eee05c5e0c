-- Services: help asked for and brought to a door (events first, state beside), what repeats, medicines that run out.
-- Listed by county or village as tasks are (0007).

-- due_by, next_offer, next_escalation: lateness is a comparison at read time; the timers only write what time has made true.
-- blanked_at: past its days a service loses whom it was for and what was wanted, and stays as a count (DELETE-1).
create table service (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  household_id uuid,
  person_id uuid,
  observation_id uuid,
  observation_ended_at timestamptz,
  rule_id uuid,
  medicine_id uuid,
  masked text not null,
  kind text not null,
  urgency text not null,
  -- 1 urgent, 2 usual, 3 with a round: the order of lists.
  rank smallint not null,
  state text not null check (state in ('open', 'offered', 'accepted', 'under_way', 'done', 'refused', 'cancelled')),
  asker text not null,
  asked_by uuid,
  words_sealed bytea,
  window_from timestamptz,
  window_to timestamptz,
  due_by timestamptz not null,
  round_day date,
  offered_to uuid,
  offer_until timestamptz,
  next_offer timestamptz,
  taken_by uuid,
  escalated smallint not null default 0,
  next_escalation timestamptz,
  proof text,
  proof_photo uuid,
  cost_cents integer,
  paid_by text,
  receipt_photo uuid,
  rating smallint,
  reason text,
  asked_at timestamptz not null,
  asked_day date not null,
  done_at timestamptz,
  done_day date,
  ended_at timestamptz,
  ended_day date,
  updated_at timestamptz not null,
  version integer not null,
  blanked_at timestamptz,
  primary key (id, county)
);
create index service_open_county on service (county, rank, due_by, id) where ended_at is null;
create index service_open_village on service (village, rank, due_by, id) where ended_at is null;
create index service_open_area on service (area) include (kind, state, due_by, escalated) where ended_at is null;
create index service_asked_county on service (county, asked_day desc, asked_at desc, id desc);
create index service_asked_village on service (village, asked_day desc, asked_at desc, id desc);
create index service_ended_county on service (county, ended_day desc, ended_at desc, id desc) where ended_at is not null;
create index service_ended_village on service (village, ended_day desc, ended_at desc, id desc) where ended_at is not null;
create index service_household on service (county, household_id, asked_day desc) where household_id is not null;
create index service_person on service (person_id, asked_day desc) where person_id is not null;
create index service_observation on service (observation_id) where observation_id is not null;
create index service_round on service (county, round_day, area) where round_day is not null;
create index service_taken on service (taken_by) where ended_at is null and taken_by is not null;
create index service_offered on service (offered_to) where ended_at is null and offered_to is not null;
create index service_asked_by on service (asked_by, asked_at desc);
create index service_next_offer on service (next_offer) where ended_at is null and next_offer is not null;
create index service_offer_until on service (offer_until) where ended_at is null and offer_until is not null;
create index service_escalate on service (next_escalation) where ended_at is null and next_escalation is not null;
create index service_kept on service (ended_at) where blanked_at is null and ended_at is not null;
create index service_emergency on service (emergency_id);
select weiwang_guard('service', 'area', 'select, insert, update');
grant update (household_id, person_id, observation_id, masked, words_sealed, asked_by, offered_to, taken_by, proof_photo, receipt_photo, blanked_at)
  on service to weiwang_retention;

create table service_event (
  county text collate "C" not null,
  service_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  text_sealed bytea,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, service_id, n)
);
select weiwang_guard('service_event', 'area', 'select, insert');

-- Pictures of what was left at the door and of receipts: sealed like every text, never changed. A step names them.
create table service_photo (
  county text collate "C" not null,
  service_id uuid not null,
  id uuid not null,
  area text collate "C" not null,
  bytes integer not null,
  -- What a repeat of it must equal.
  hash bytea not null,
  sealed bytea not null,
  by uuid,
  at timestamptz not null,
  primary key (county, service_id, id)
);
select weiwang_guard('service_photo', 'area', 'select, insert');

-- What repeats. `next_day`: the next day that has not been made; the id of an occurrence follows from rule and day.
create table service_rule (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  household_id uuid,
  person_id uuid,
  observation_id uuid,
  masked text not null,
  kind text not null,
  rhythm jsonb not null,
  window_from text,
  window_to text,
  round boolean not null default false,
  from_day date not null,
  to_day date,
  next_day date,
  words_sealed bytea,
  by uuid,
  made_at timestamptz not null,
  state text not null check (state in ('active', 'ended')),
  ended_at timestamptz,
  primary key (id, county)
);
create index service_rule_area on service_rule (area, id) where state = 'active';
create index service_rule_next on service_rule (next_day) where state = 'active' and next_day is not null;
create index service_rule_household on service_rule (county, household_id) where household_id is not null;
create index service_rule_observation on service_rule (observation_id) where observation_id is not null;
create index service_rule_ended on service_rule (ended_at) where ended_at is not null;
select weiwang_guard('service_rule', 'area', 'select, insert, update');

-- Health data: which medicine is sealed and found by a keyed hash of its whole name; only the last day is plain, for the timer.
create table medicine (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  person_id uuid not null,
  household_id uuid,
  masked text not null,
  name_hash bytea not null,
  detail_sealed bytea not null,
  runs_out date not null,
  -- The last day for which a service was asked, so that one end asks once.
  asked_for date,
  service_id uuid,
  by uuid,
  made_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (id, county)
);
create index medicine_area on medicine (area, runs_out, id) where ended_at is null;
create index medicine_runs_out on medicine (runs_out, id) where ended_at is null;
create index medicine_name on medicine (name_hash, area) where ended_at is null;
create index medicine_person on medicine (person_id) where ended_at is null;
create index medicine_ended on medicine (ended_at) where ended_at is not null;
select weiwang_guard('medicine', 'area', 'select, insert, update');

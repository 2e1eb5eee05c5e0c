-- Home observation: events first, the current row beside; the lock of one open observation per person; what was signed; rules.
-- `area` is where the person stays, `responsible_area` the one area that counts it (case 17); `village` and `responsible_village`
-- are their first twelve digits (see 0007). Days and lapses are functions of end_day at read time (case 66): `end_day <= d and
-- ended_at is null` is lapsed for d = lapsedThrough(now), so nothing here has to be touched at midnight.
create table observation (
  county text collate "C" not null,
  id uuid not null,
  root uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  responsible_area text collate "C" not null,
  responsible_county text collate "C" not null generated always as (left(responsible_area, 6)) stored,
  responsible_village text collate "C" not null generated always as (left(responsible_area, 12)) stored,
  emergency_id uuid not null,
  -- Null once its file is deleted: the row stays as a count (DELETE-1).
  person_id uuid,
  household_id uuid,
  group_id uuid,
  responder_person_id uuid,
  masked text not null,
  reference text not null,
  measure text not null check (measure in ('home_quarantine', 'home_monitoring', 'self_monitoring')),
  reason text not null,
  opened_from text not null check (opened_from in ('task', 'visit', 'contact', 'return', 'hand', 'transfer')),
  state text not null,
  -- notify, agree, bind, check, guard; `serve` is services_open > 0, `release` a question of end_day.
  step text not null,
  exposure_day date,
  start_day date not null,
  end_day date,
  -- The order of lists: by last day, those without one at the end.
  due date not null generated always as (coalesce(end_day, '9999-12-31'::date)) stored,
  count_from text not null check (count_from in ('exposure', 'start')),
  rules_id uuid,
  rules_version integer not null,
  team_id uuid,
  missed smallint not null default 0,
  in_care boolean not null default false,
  in_breach boolean not null default false,
  shortening boolean not null default false,
  release_checked boolean not null default false,
  -- OBS-27, OBS-28: an outing waits for a word; one was agreed to and is not over; a child for whom nobody answers.
  outing_asked boolean not null default false,
  outing_open boolean not null default false,
  unanswered boolean not null default false,
  services_open smallint not null default 0,
  address_sealed bytea,
  -- Employer or school with whom to ask there, as it was said for the notice (OBS-9).
  unit_sealed bytea,
  opened_day date not null,
  opened_at timestamptz not null,
  lapsed_day date,
  lapsed_at timestamptz,
  outcome text check (outcome in ('released', 'transferred', 'to_central', 'cancelled')),
  ended_day date,
  ended_at timestamptz,
  follow_up_day date,
  delete_day date,
  -- The whole state as the fold gives it: what the next act is decided on, and what phones keep.
  current jsonb not null,
  updated_at timestamptz not null,
  version integer not null,
  blanked_at timestamptz,
  primary key (id, county),
  -- Never an end without a beginning, never before it (case 14).
  check (end_day is null or end_day >= start_day),
  check (end_day is null or count_from = 'start' or exposure_day is not null)
);
-- Lists of now, by who counts it: county and village, by last day; those without an end come last.
create index observation_open_county on observation (responsible_county, due, id) where ended_at is null;
create index observation_open_village on observation (responsible_village, due, id) where ended_at is null;
create index observation_open_area on observation (responsible_area) include (end_day, step, state, measure, start_day, in_care, in_breach, shortening, outing_asked, outing_open, unanswered) where ended_at is null;
-- Where people stay: the worker's door, and the other side of case 17.
create index observation_stay_county on observation (county, due, id) where ended_at is null;
create index observation_stay_village on observation (village, due, id) where ended_at is null;
create index observation_stay on observation (area) where ended_at is null;
create index observation_household on observation (county, household_id) where household_id is not null;
create index observation_person on observation (person_id);
create index observation_responder on observation (responder_person_id) where responder_person_id is not null;
create index observation_group on observation (county, group_id) where group_id is not null;
create index observation_root on observation (root);
create index observation_team on observation (county, team_id) where ended_at is null and team_id is not null;
-- What happened within days, newest first.
create index observation_opened_county on observation (responsible_county, opened_day desc, id desc);
create index observation_opened_village on observation (responsible_village, opened_day desc, id desc);
create index observation_ended_county on observation (responsible_county, ended_day desc, id desc) where ended_day is not null;
create index observation_ended_village on observation (responsible_village, ended_day desc, id desc) where ended_day is not null;
create index observation_lapsed on observation (responsible_area, lapsed_day) where lapsed_day is not null;
-- The timer finds what is due, of all that were ever observed (case 66).
create index observation_due on observation (end_day, county, id) where ended_at is null and lapsed_at is null;
create index observation_follow_up on observation (follow_up_day, county, id) where follow_up_day is not null;
create index observation_delete on observation (ended_day) where ended_day is not null and blanked_at is null;
create unique index observation_reference on observation (county, reference);
select weiwang_guard('observation', 'area', 'select, insert, update');
grant update (person_id, household_id, group_id, responder_person_id, masked, address_sealed, unit_sealed, current, blanked_at) on observation to weiwang_retention;
-- Both the place of stay and the area that counts it see it (case 17).
create policy scope_responsible on observation for select to weiwang_app using (responsible_area >= nullif(current_setting('weiwang.lo', true), '') collate "C" and responsible_area < nullif(current_setting('weiwang.hi', true), '') collate "C");

create table observation_event (
  county text collate "C" not null,
  observation_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  responsible_area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  text_sealed bytea,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, observation_id, n)
);
select weiwang_guard('observation_event', 'area', 'select, insert');
create policy scope_responsible on observation_event for select to weiwang_app using (responsible_area >= nullif(current_setting('weiwang.lo', true), '') collate "C" and responsible_area < nullif(current_setting('weiwang.hi', true), '') collate "C");

-- What was signed on a phone, or what a witness entered: sealed like every text, never changed.
create table observation_paper (
  county text collate "C" not null,
  observation_id uuid not null,
  id uuid not null,
  area text collate "C" not null,
  kind text not null check (kind in ('strokes', 'witness', 'photo')),
  -- Of a picture: its size, and what a repeat of it must equal.
  bytes integer,
  hash bytea,
  sealed bytea not null,
  by uuid,
  at timestamptz not null,
  primary key (county, observation_id, id)
);
select weiwang_guard('observation_paper', 'area', 'select, insert');

-- The lock: one open observation per person, wherever. Held until it ends.
create table open_observation (
  person_id uuid primary key,
  home_area text collate "C" not null,
  county text collate "C" not null,
  observation_id uuid not null
);
grant select, insert, update, delete on open_observation to weiwang_app;
grant select, insert, update, delete on open_observation to weiwang_jobs;
grant select, delete on open_observation to weiwang_retention;

-- The last reference number given in a county.
create table observation_number (
  county text collate "C" primary key,
  n bigint not null
);
select weiwang_reference('observation_number', 'select, insert, update');

-- Lengths of an area as versions: proposed by one, in force by another (OBS-4). What is open keeps the version it has.
create table observation_rules (
  id uuid primary key,
  area text collate "C" not null,
  version integer not null,
  state text not null check (state in ('proposed', 'in_force', 'replaced', 'refused')),
  rules jsonb not null,
  reason text not null,
  by uuid,
  by_created_by uuid,
  approved_by uuid,
  proposed_at timestamptz not null,
  decided_at timestamptz
);
create unique index observation_rules_version on observation_rules (area, version);
create unique index observation_rules_in_force on observation_rules (area) where state = 'in_force';
select weiwang_reference('observation_rules', 'select, insert, update');

-- Who was told of a release that nobody acted on (OBS-20), one row a person; dealt with by the release itself.
create table observation_alarm (
  county text collate "C" not null,
  observation_id uuid not null,
  account_id uuid not null,
  area text collate "C" not null,
  told text collate "C" not null,
  at timestamptz not null,
  primary key (county, observation_id, account_id)
);
create index observation_alarm_account on observation_alarm (account_id, at desc);
select weiwang_guard('observation_alarm', 'area', 'select, insert');

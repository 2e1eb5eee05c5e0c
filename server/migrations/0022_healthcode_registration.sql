-- Registration of residents: who registered for whom, what was declared, who is expected back, what is looked at by hand.
-- What identifies is sealed; what grading and the finder of contradictions read is coded (REGISTER-8).

create table registration (
  person_id uuid primary key,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  -- Null: registered by a worker for somebody without an account.
  account_id uuid,
  need text not null check (need in ('must', 'may')),
  situation text not null check (situation in ('living', 'returning', 'coming')),
  registered_here boolean not null,
  purpose text not null,
  by text not null check (by in ('self', 'guardian', 'proxy')),
  by_account uuid,
  -- The area chosen and the address typed, as they were said last.
  home_sealed bytea,
  -- A register or a worker has said another place than the one declared here; the register's stands (PEOPLE-15).
  address_differs boolean not null default false,
  declarations integer not null default 0,
  declared_at timestamptz not null,
  registered_day date not null,
  registered_at timestamptz not null,
  erased_at timestamptz
);
create index registration_area on registration (home_area, registered_at desc, person_id);
create index registration_day on registration (registered_day, home_area);
create index registration_account on registration (account_id) where account_id is not null;
select weiwang_guard('registration', 'home_area', 'select, insert, update');

-- Editing makes a new one; the newest that is not superseded is what is said now.
create table declaration (
  person_id uuid not null,
  id uuid not null,
  n integer not null,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  at timestamptz not null,
  day date not null,
  by text not null check (by in ('self', 'guardian', 'proxy')),
  by_account uuid,
  answers jsonb not null,
  body_sealed bytea,
  superseded_at timestamptz,
  erased_at timestamptz,
  primary key (person_id, id)
);
create unique index declaration_n on declaration (person_id, n);
create unique index declaration_now on declaration (person_id) where superseded_at is null;
create index declaration_area on declaration (home_area, at desc);
create index declaration_old on declaration (superseded_at) where superseded_at is not null;
select weiwang_guard('declaration', 'home_area', 'select, insert, update');

-- Every correction of one's own data, without limit (REGISTER-14).
create table registration_change (
  person_id uuid not null,
  id uuid not null,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  field text not null,
  outcome text not null check (outcome in ('changed', 'checked')),
  from_sealed bytea,
  to_sealed bytea,
  by_account uuid,
  at timestamptz not null,
  primary key (person_id, id)
);
create index registration_change_at on registration_change (at);
select weiwang_guard('registration_change', 'home_area', 'select, insert');

-- Sent in and looked at by a person first (REGISTER-3). `area` is where the sender says to live: its desk sees the card.
create table registration_held (
  id uuid primary key,
  area text collate "C" not null,
  emergency_id uuid not null,
  account_id uuid,
  session_id uuid,
  person_id uuid not null,
  relation text not null check (relation in ('self', 'child', 'parent')),
  masked text not null,
  why text[] not null,
  body_sealed bytea,
  state text not null check (state in ('open', 'accepted', 'refused', 'withdrawn')),
  at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  reason_sealed bytea
);
create index registration_held_area on registration_held (area, at, id) where state = 'open';
create index registration_held_account on registration_held (account_id, at desc);
create index registration_held_decided on registration_held (decided_at) where decided_at is not null;
select weiwang_guard('registration_held', 'area', 'select, insert, update');

-- Half-written forms, sealed; one of each kind for an account.
create table registration_draft (
  account_id uuid not null,
  subject text not null,
  emergency_id uuid not null,
  sealed bytea not null,
  at timestamptz not null,
  primary key (account_id, subject)
);
create index registration_draft_at on registration_draft (at);
select weiwang_internal('registration_draft');

-- Who must and who may, as versions: proposed by one, put in force by another (REGISTER-9).
create table registration_policy (
  id uuid primary key,
  area text collate "C" not null,
  version integer not null,
  state text not null check (state in ('proposed', 'in_force', 'replaced', 'refused')),
  policy jsonb not null,
  reason text not null,
  by uuid,
  by_name text not null,
  by_created_by uuid,
  approved_by uuid,
  approved_by_name text,
  proposed_at timestamptz not null,
  decided_at timestamptz
);
create unique index registration_policy_version on registration_policy (area, version);
create unique index registration_policy_in_force on registration_policy (area) where state = 'in_force';
select weiwang_reference('registration_policy', 'select, insert, update');

-- Who is expected back (REGISTER-15): events first, the row beside them by the same fold.
create table return_registration (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  person_id uuid,
  account_id uuid,
  masked text not null,
  state text not null check (state in ('submitted', 'triaged', 'host_notified', 'arrived_confirmed', 'health_plan_started',
    'completed', 'cancelled', 'no_show')),
  level text check (level in ('high', 'medium', 'low')),
  expected_day date not null,
  -- The last day of the grace; from the day after on nobody waits any more.
  grace_until date not null,
  transport text not null,
  -- A county or coarser, or a country of two letters.
  from_place text not null,
  companions smallint not null default 0,
  body_sealed bytea,
  arrived_on date,
  -- Who said so.
  arrived_how text check (arrived_how in ('resident', 'worker', 'gate')),
  task_id uuid,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  blanked_at timestamptz,
  primary key (county, id)
);
create index return_id on return_registration (id);
create index return_area on return_registration (area, expected_day, id);
create index return_person on return_registration (person_id, created_at desc);
create index return_waiting on return_registration (grace_until) where state in ('submitted', 'triaged', 'host_notified');
create index return_ended on return_registration (ended_at) where ended_at is not null;
select weiwang_guard('return_registration', 'area', 'select, insert, update');

create table return_event (
  county text collate "C" not null,
  return_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  recorded_at timestamptz not null,
  primary key (county, return_id, n)
);
select weiwang_guard('return_event', 'area', 'select, insert');

-- "Who opened it and why" is asked by the person whom a line names (REGISTER-21). Most lines name nobody and are not in it.
create index audit_ids on audit using gin (ids) where ids <> '{}';
-- Erased when their person asks for it (REGISTER-22).
grant delete on return_registration to weiwang_jobs;
grant delete on return_event to weiwang_jobs;

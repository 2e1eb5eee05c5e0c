-- Persons are known by a keyed hash of their document; names, numbers and addresses are sealed (core/keys).
create table person (
  person_id uuid primary key,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  masked text not null,
  name_sealed bytea,
  name_hash bytea,
  pinyin_hash bytea,
  initials_hash bytea,
  phone_hash bytea,
  phone4_hash bytea,
  birth_hash bytea,
  -- The year alone, and how much of the date is known (4, 7 or 10 characters): partial dates match at their precision.
  birth_year_hash bytea,
  birth_precision smallint not null default 0,
  doc_kind text not null,
  sex smallint not null default 0,
  source text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create index person_home on person (home_area, person_id);
create index person_name on person (name_hash, home_area);
create index person_pinyin on person (pinyin_hash, home_area);
create index person_initials on person (initials_hash, home_area);
create index person_phone on person (phone_hash);
create index person_phone4 on person (phone4_hash, home_area);
create index person_birth on person (birth_hash, home_area);
create index person_sound_birth on person (pinyin_hash, birth_hash);
create index person_sound_year on person (pinyin_hash, birth_year_hash);
select weiwang_guard('person', 'home_area', 'select, insert, update');

create table identity (
  person_id uuid primary key,
  home_area text collate "C" not null,
  doc_sealed bytea,
  phone_sealed bytea,
  birth_sealed bytea,
  -- Hashes of telephones and addresses told so far (the last 20): what was told before changes nothing when it is told again.
  known bytea[] not null default '{}',
  key_id uuid not null,
  updated_at timestamptz not null
);
select weiwang_guard('identity', 'home_area', 'select, insert, update');

-- People without a document: what they are known by (a source's own id; name with telephone, birth date or address), as keyed
-- hashes, so that a repeat finds the same random id (PEOPLE-6).
create table person_key (
  key_hash bytea primary key,
  person_id uuid not null
);
create index person_key_person on person_key (person_id);
select weiwang_reference('person_key', 'select, insert');

-- Addresses that wait for stage two: taken with skip locked, chunk by chunk, and gone when they have been resolved.
create table address_pending (
  person_id uuid primary key,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  address_sealed bytea not null,
  address_hash bytea not null,
  source text not null,
  at timestamptz not null
);
create index address_pending_at on address_pending (at, person_id);
select weiwang_guard('address_pending', 'home_area', 'select, insert, update');
grant delete on address_pending to weiwang_jobs;

create table residence (
  person_id uuid not null,
  id uuid not null,
  home_area text collate "C" not null,
  area text collate "C" not null,
  county text collate "C" not null,
  household_id uuid,
  kind text not null check (kind in ('own', 'rent', 'dorm', 'visiting', 'unknown')),
  certainty smallint not null,
  address_sealed bytea,
  source text not null,
  -- Said by a register or by a worker: an address from a feed does not override it (PEOPLE-15).
  placed boolean not null default false,
  from_day date not null,
  to_day date,
  recorded_at timestamptz not null,
  primary key (person_id, id)
);
create unique index residence_now on residence (person_id) where to_day is null;
create index residence_area on residence (area, person_id) where to_day is null;
create index residence_household on residence (household_id) where to_day is null;
select weiwang_guard('residence', 'home_area', 'select, insert, update');

-- A merge writes this and nothing else: reads resolve it, nothing moves, it can be undone (PEOPLE-9).
create table person_alias (
  person_id uuid primary key,
  target uuid not null,
  home_area text collate "C" not null,
  by uuid,
  at timestamptz not null,
  reason text not null
);
create index person_alias_target on person_alias (target);
-- Ids alone: everybody resolves them, whoever may not see the person; writes keep to their own area.
alter table person_alias enable row level security;
alter table person_alias force row level security;
create policy alias_read on person_alias for select to weiwang_app using (true);
create policy all_jobs on person_alias to weiwang_jobs using (true) with check (true);
create policy all_retention on person_alias to weiwang_retention using (true);
create policy all_owner on person_alias to current_user using (true) with check (true);
grant select on person_alias to weiwang_app;
grant select, insert, update, delete on person_alias to weiwang_jobs;
grant select, delete on person_alias to weiwang_retention;

-- Two records that may be one person, or one id with two clearly different names: held for a human.
create table person_review (
  id uuid primary key,
  home_area text collate "C" not null,
  kind text not null check (kind in ('same_document', 'near_name', 'name_clash')),
  person_id uuid not null,
  other uuid,
  -- name_clash: which other name; the same one is held once.
  detail_hash bytea,
  detail_sealed bytea,
  -- Hundredths.
  score smallint not null default 100,
  reasons jsonb not null default '[]',
  state text not null check (state in ('open', 'merged', 'different', 'kept')),
  created_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz
);
create unique index person_review_pair on person_review (person_id, other, kind, detail_hash) nulls not distinct;
create index person_review_area on person_review (home_area, id) where state = 'open';
create index person_review_person on person_review (person_id) where state = 'open';
create index person_review_other on person_review (other) where state = 'open';
select weiwang_guard('person_review', 'home_area', 'select, insert, update');

create table household (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  kind text not null check (kind in ('home', 'shop', 'rental', 'group_rental', 'dormitory', 'business')),
  use text not null check (use in ('self', 'rented', 'vacant', 'unassigned')),
  estate text,
  building text,
  door text,
  address_sealed bytea,
  address_hash bytea,
  members integer not null default 0,
  source text not null,
  external_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  primary key (county, id)
);
create index household_area on household (area, id);
create index household_id on household (id);
create index household_address on household (address_hash);
create unique index household_external on household (county, source, external_id) where external_id is not null;
create index household_building on household (county, estate, building);
select weiwang_guard('household', 'area', 'select, insert, update');
-- No row changes its distribution key: a door whose area goes to another county is written there and deleted here (AREA-5).
grant delete on household to weiwang_jobs;

-- House number ranges and building names of the register: text to unit, learned or imported.
create table address_point (
  county text collate "C" not null,
  id uuid not null,
  village text collate "C" not null,
  street text not null,
  number_from integer,
  number_to integer,
  parity smallint not null default 0,
  building text,
  area text collate "C" not null,
  source text not null,
  primary key (county, id)
);
create index address_point_street on address_point (county, street);
create index address_point_area on address_point (area);
select weiwang_guard('address_point', 'area', 'select, insert, update');
grant delete on address_point to weiwang_jobs;

-- Persons whose address could not be resolved to a grid, at the lowest area that is certain. Never dropped.
create table unresolved (
  person_id uuid primary key,
  home_area text collate "C" not null,
  address_sealed bytea,
  why text not null,
  created_at timestamptz not null,
  resolved_at timestamptz
);
create index unresolved_area on unresolved (home_area, person_id) where resolved_at is null;
select weiwang_guard('unresolved', 'home_area', 'select, insert, update');

-- For whom a resident's account stands (REGISTER-1). A row stays when it has ended: whoever was once bound by a document is never
-- again found by a number alone (REGISTER-4).
create table account_person (
  account_id uuid not null,
  person_id uuid not null,
  relation text not null check (relation in ('self', 'child', 'parent', 'spouse', 'other')),
  basis text not null check (basis in ('phone', 'proof', 'proxy')),
  since date not null,
  -- The last day, when it is known beforehand: a child's last day at seventeen. Compared with the day at read time (case 66).
  until date,
  ended_at timestamptz,
  -- An adult for whom somebody else answers was told.
  noticed_at timestamptz,
  primary key (account_id, person_id)
);
create index account_person_person on account_person (person_id);
-- One account for one's own affairs, as long as it is.
create unique index account_person_self on account_person (person_id) where relation = 'self' and ended_at is null;
create unique index account_person_holder on account_person (account_id) where relation = 'self' and ended_at is null;
select weiwang_internal('account_person');

-- Log-ins that have shown more than the number: the document, too.
create table account_proof (
  session_id uuid primary key,
  account_id uuid not null,
  at timestamptz not null
);
create index account_proof_account on account_proof (account_id);
create index account_proof_at on account_proof (at);
select weiwang_internal('account_proof');

-- Accounts whose number was somebody else's before: what that number was told by says nothing about them.
create table account_fresh (
  account_id uuid primary key,
  at timestamptz not null
);
select weiwang_internal('account_fresh');

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
select weiwang_guard('person', 'home_area', 'select, insert, update');

create table identity (
  person_id uuid primary key,
  home_area text collate "C" not null,
  doc_sealed bytea,
  phone_sealed bytea,
  birth_sealed bytea,
  key_id uuid not null,
  updated_at timestamptz not null
);
select weiwang_guard('identity', 'home_area', 'select, insert, update');

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
  from_day date not null,
  to_day date,
  recorded_at timestamptz not null,
  primary key (person_id, id)
);
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
select weiwang_guard('person_alias', 'home_area', 'select, insert, update, delete');
grant delete on person_alias to weiwang_jobs;

-- Two records that may be one person, or one id with two clearly different names: held for a human.
create table person_review (
  id uuid primary key,
  home_area text collate "C" not null,
  kind text not null check (kind in ('same_document', 'near_name', 'name_clash')),
  person_id uuid not null,
  other uuid,
  detail_sealed bytea,
  state text not null check (state in ('open', 'merged', 'different', 'kept')),
  created_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz
);
create unique index person_review_pair on person_review (person_id, other, kind) where state = 'open';
create index person_review_area on person_review (home_area, created_at) where state = 'open';
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
create index household_address on household (address_hash);
create unique index household_external on household (county, source, external_id) where external_id is not null;
create index household_building on household (county, estate, building);
select weiwang_guard('household', 'area', 'select, insert, update');

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

-- Persons whose address could not be resolved to a grid, at the lowest area that is certain. Never dropped.
create table unresolved (
  person_id uuid primary key,
  home_area text collate "C" not null,
  address_sealed bytea,
  why text not null,
  created_at timestamptz not null,
  resolved_at timestamptz
);
create index unresolved_area on unresolved (home_area, created_at) where resolved_at is null;
select weiwang_guard('unresolved', 'home_area', 'select, insert, update');

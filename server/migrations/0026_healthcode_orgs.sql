-- Companies and schools: the organisation, who answers for it, whom it has listed and who of them has consented, its daily roll as
-- counts, the file by which it asks to begin work again. Nothing here is a colour, and nothing of a colour is kept here.

create table org (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  kind text not null check (kind in ('company', 'school')),
  name text not null,
  credit_code text collate "C",
  contact_sealed bytea,
  state text not null check (state in ('applied', 'approved', 'refused', 'closed')),
  applied_by uuid,
  applied_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  refusal text,
  link_hash bytea,
  -- ORG-17: a link for one more officer, or for who takes over from who made it; taken once.
  officer_hash bytea,
  officer_until timestamptz,
  officer_by uuid,
  officer_hand_over boolean,
  lists integer not null default 0,
  closed_at timestamptz,
  updated_at timestamptz not null,
  version integer not null,
  primary key (id, county)
);
create unique index org_credit on org (county, credit_code) where credit_code is not null and state in ('applied', 'approved');
create index org_area on org (area, applied_at desc, id desc);
create index org_waiting on org (area, applied_at desc, id desc) where state = 'applied';
create index org_link on org (link_hash) where link_hash is not null;
create index org_officer_link on org (officer_hash) where officer_hash is not null;
create index org_closed on org (closed_at) where closed_at is not null;
create index org_emergency on org (emergency_id);
select weiwang_guard('org', 'area', 'select, insert, update');

create table org_officer (
  county text collate "C" not null,
  org_id uuid not null,
  account_id uuid not null,
  area text collate "C" not null,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (county, org_id, account_id)
);
create index org_officer_account on org_officer (account_id) where ended_at is null;
select weiwang_guard('org_officer', 'area', 'select, insert, update');

-- Before somebody consents there is only a keyed hash of the document, of a kind of its own, and the name, sealed; person_id is
-- there while the consent stands.
create table org_member (
  county text collate "C" not null,
  org_id uuid not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  doc_hash bytea not null,
  name_sealed bytea,
  masked text not null,
  ref text not null,
  person_id uuid,
  by_link boolean not null,
  invited_at timestamptz not null,
  consented_at timestamptz,
  consented_day date,
  withdrawn_at timestamptz,
  ended_at timestamptz,
  -- ORG-18: when the employer expects them back; the day that the person has confirmed, and when.
  returns_on date,
  confirmed_returns_on date,
  confirmed_day date,
  primary key (county, org_id, id)
);
create unique index org_member_once on org_member (county, org_id, doc_hash) where ended_at is null;
create index org_member_hash on org_member (doc_hash) where ended_at is null;
create index org_member_id on org_member (id);
create index org_member_person on org_member (person_id) where person_id is not null;
create index org_member_returns on org_member (person_id) where confirmed_returns_on is not null;
create index org_member_list on org_member (county, org_id, id) where ended_at is null;
create index org_member_ended on org_member (ended_at) where ended_at is not null;
create index org_member_emergency on org_member (emergency_id);
select weiwang_guard('org_member', 'area', 'select, insert, update');

-- A version of a list: what became of each row by its number; who stood in it is nowhere else than in org_member.
create table org_list (
  county text collate "C" not null,
  org_id uuid not null,
  id uuid not null,
  n integer not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  whole boolean not null,
  gone integer not null,
  sums jsonb not null,
  rows jsonb not null,
  by uuid,
  at timestamptz not null,
  primary key (county, org_id, id)
);
create unique index org_list_n on org_list (county, org_id, n);
create index org_list_at on org_list (at);
create index org_list_emergency on org_list (emergency_id);
select weiwang_guard('org_list', 'area', 'select, insert');

create table org_roll (
  county text collate "C" not null,
  org_id uuid not null,
  day date not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  present integer not null,
  absent integer not null,
  fever integer not null,
  by uuid,
  at timestamptz not null,
  primary key (county, org_id, day)
);
create index org_roll_day on org_roll (day);
create index org_roll_emergency on org_roll (emergency_id);
select weiwang_guard('org_roll', 'area', 'select, insert, update');

create table resumption (
  county text collate "C" not null,
  org_id uuid not null,
  id uuid not null,
  area text collate "C" not null,
  emergency_id uuid not null,
  state text not null check (state in ('draft', 'submitted', 'supplement_once', 'site_check', 'approved', 'rejected', 'expired')),
  asked_until date,
  body_sealed bytea,
  updated_at timestamptz not null,
  version integer not null,
  primary key (county, org_id, id)
);
-- One under way for each organisation.
create unique index resumption_one on resumption (county, org_id) where state not in ('rejected', 'expired');
create index resumption_waiting on resumption (county, org_id) where state in ('submitted', 'site_check');
create index resumption_emergency on resumption (emergency_id);
select weiwang_guard('resumption', 'area', 'select, insert, update');

create table resumption_event (
  county text collate "C" not null,
  org_id uuid not null,
  resumption_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  text_sealed bytea,
  recorded_at timestamptz not null,
  primary key (county, org_id, resumption_id, n)
);
select weiwang_guard('resumption_event', 'area', 'select, insert');

-- The code: signing keys, the state of each person's code with its history, signed credentials, and the list of replaced ones.

-- Keys that sign codes (CODE-17). The private part is sealed as everything else. A key is announced when it is made,
-- signs from … until, and its codes hold until `until_at`; a revoked one never comes back (case 71).
create table code_key (
  kid bytea primary key check (octet_length(kid) = 4),
  public_key bytea not null,
  private_sealed bytea not null,
  made_at timestamptz not null,
  sign_from timestamptz not null,
  sign_until timestamptz not null,
  until_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid,
  reason text
);
create index code_key_until on code_key (until_at);
select weiwang_internal('code_key');

-- Names of rule sets that fit into a code.
create table code_rule_set (
  short text primary key,
  rule_set_id uuid not null unique
);
select weiwang_internal('code_rule_set');

-- The state beside the history. No row: nobody has applied (NONE).
create table code (
  person_id uuid primary key,
  home_area text collate "C" not null,
  emergency_id uuid not null,
  n integer not null,
  state text not null check (state in ('applied', 'green', 'pending', 'yellow', 'red', 'expired', 'suspended')),
  rule_set_id uuid,
  from_day date not null,
  until_day date,
  reasons jsonb not null,
  applied_at timestamptz not null,
  changed_at timestamptz not null,
  -- Up to which change the holder was sent a message.
  told_n integer not null default 0,
  -- Stopped while somebody looks at who uses it, to the end of this day (CODE-21).
  held_until date
);
create index code_area on code (home_area, person_id);
create index code_until on code (until_day) where until_day is not null;
create index code_untold on code (changed_at, person_id) where told_n < n;
select weiwang_guard('code', 'home_area', 'select, insert, update');

create table code_event (
  person_id uuid not null,
  n integer not null,
  home_area text collate "C" not null,
  at timestamptz not null,
  from_state text not null,
  to_state text not null,
  trigger text not null,
  rule_set_id uuid,
  from_day date not null,
  until_day date,
  reasons jsonb not null,
  run_id uuid,
  by uuid,
  primary key (person_id, n)
);
select weiwang_guard('code_event', 'home_area', 'select, insert');

-- Signed codes. The person is known here by a keyed hash, to replace what is outstanding, and sealed, to find the contacts of a
-- case; no join leads from a code id to a person (CODE-12). Day: the local day on which it holds; a paper code from that day on.
create table code_holder (
  person_hash bytea not null,
  code_id bytea not null check (octet_length(code_id) = 8),
  emergency_id uuid not null,
  person_sealed bytea not null,
  account_hash bytea,
  day date not null,
  -- The key of the phone, compressed; null on paper.
  holder bytea,
  kid bytea not null,
  credential bytea not null,
  n integer not null,
  issued_at timestamptz not null,
  until_at timestamptz not null,
  replaced_at timestamptz,
  primary key (person_hash, code_id)
);
create unique index code_holder_id on code_holder (code_id);
create unique index code_holder_live on code_holder (person_hash, account_hash, day) where replaced_at is null and holder is not null;
create index code_holder_until on code_holder (until_at);
create index code_holder_emergency on code_holder (emergency_id);
select weiwang_internal('code_holder');

-- A key of a phone belongs to one account and one day (CODE-11, CODE-12).
create table code_phone_key (
  key_hash bytea primary key,
  account_hash bytea not null,
  day date not null
);
create index code_phone_key_day on code_phone_key (day);
select weiwang_internal('code_phone_key');

-- Signs of misuse, for the finder of contradictions: one key for unrelated persons.
create table code_misuse (
  person_id uuid not null,
  id uuid not null,
  home_area text collate "C" not null,
  kind text not null check (kind in ('key_elsewhere')),
  at timestamptz not null,
  primary key (person_id, id)
);
create index code_misuse_at on code_misuse (at);
select weiwang_guard('code_misuse', 'home_area', 'select, insert');

-- The list of replaced codes: numbered by a counter whose row is held to the commit, so that the order of numbers is the order of
-- commits and whoever has seen n has seen everything below it (case 71). Rows go when their codes have long ended.
create table code_list (
  one boolean primary key default true check (one),
  n bigint not null
);
insert into code_list (n) values (0);
select weiwang_internal('code_list');

create table code_revocation (
  n bigint primary key,
  code_id bytea not null,
  until_at timestamptz not null,
  at timestamptz not null
);
create index code_revocation_until on code_revocation (until_at);
select weiwang_internal('code_revocation');

-- Other places that may ask us to verify (CODE-20): by a key of their own, told once.
create table code_partner (
  id uuid primary key,
  area text collate "C" not null,
  name text not null,
  purpose text not null,
  -- There once a second person has said yes; what it is the hash of is told once, to them.
  key_hash bytea unique,
  until_day date not null,
  made_by uuid,
  made_by_created_by uuid,
  made_by_name text not null,
  made_at timestamptz not null,
  decided_by_name text,
  decided_at timestamptz,
  refused boolean not null default false,
  ended_at timestamptz,
  ended_by_name text,
  end_reason text
);
create index code_partner_area on code_partner (area, id);
select weiwang_guard('code_partner', 'area', 'select, insert, update');

-- How many verdicts each was given on a day, and of what kind: nothing of what was asked (CODE-20).
create table code_partner_day (
  partner_id uuid not null,
  day date not null,
  area text collate "C" not null,
  colour integer not null,
  by_hand integer not null,
  refused integer not null,
  primary key (partner_id, day)
);
select weiwang_guard('code_partner_day', 'area', 'select');

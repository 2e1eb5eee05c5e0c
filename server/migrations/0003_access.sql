-- Accounts, log-in, duties; the legal order under which data are collected; deletion.
create table account (
  id uuid primary key,
  area text collate "C" not null,
  name text not null,
  login text unique,
  phone_hash bytea,
  phone_sealed bytea,
  password_hash text,
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  state text not null check (state in ('roster', 'active', 'locked', 'closed')),
  lang text not null default 'zh' check (lang in ('zh', 'en')),
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index account_phone on account (phone_hash) where phone_hash is not null and state <> 'closed';
create index account_area on account (area, id);
select weiwang_guard('account', 'area', 'select, insert, update');

create table account_role (
  account_id uuid not null references account (id),
  role text not null,
  area text collate "C" not null,
  granted_by uuid,
  granted_at timestamptz not null,
  primary key (account_id, role)
);
select weiwang_guard('account_role', 'area', 'select, insert, delete');
grant delete on account_role to weiwang_jobs;

-- Who covers which area from when to when; a stand-in names whom it stands in for. Last days are included.
create table duty (
  id uuid primary key,
  account_id uuid not null references account (id),
  area text collate "C" not null,
  kind text not null check (kind in ('cover', 'stand_in', 'shift')),
  stands_in_for uuid references account (id),
  from_day date not null,
  to_day date,
  created_by uuid,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index duty_area on duty (area, from_day);
create index duty_account on duty (account_id, from_day);
select weiwang_guard('duty', 'area', 'select, insert, update');

create table device (
  id uuid primary key,
  account_id uuid not null references account (id),
  name text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz
);
create index device_account on device (account_id);
select weiwang_internal('device');

create table session (
  id uuid primary key,
  token_hash bytea not null unique,
  account_id uuid not null references account (id),
  device_id uuid references device (id),
  level text not null check (level in ('full', 'needs_totp', 'needs_password')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  agent text not null default ''
);
create index session_account on session (account_id, created_at desc);
select weiwang_internal('session');

create table one_time_code (
  id uuid primary key,
  target_hash bytea not null,
  purpose text not null,
  code_hash bytea not null,
  tries smallint not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_code_target on one_time_code (target_hash, created_at desc);
select weiwang_internal('one_time_code');

create table login_try (
  subject_hash bytea not null,
  at timestamptz not null,
  id uuid not null,
  ok boolean not null,
  primary key (subject_hash, at, id)
);
select weiwang_internal('login_try');

create table recovery (
  id uuid primary key,
  area text collate "C" not null,
  account_id uuid not null references account (id),
  kind text not null check (kind in ('password', 'totp', 'phone')),
  reason text not null,
  state text not null check (state in ('asked', 'approved', 'refused', 'used')),
  asked_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz
);
create index recovery_area on recovery (area, asked_at desc);
select weiwang_guard('recovery', 'area', 'select, insert, update');

-- The development form of the SMS gateway: messages are shown on a page, sealed at rest.
create table sms_shown (
  id uuid primary key,
  to_masked text not null,
  body_sealed bytea not null,
  at timestamptz not null
);
create index sms_shown_at on sms_shown (at desc);
select weiwang_internal('sms_shown');

create table emergency (
  id uuid primary key,
  area text collate "C" not null,
  name jsonb not null,
  legal_order text not null,
  purpose jsonb not null,
  basis jsonb not null,
  starts date not null,
  ends date,
  state text not null check (state in ('proposed', 'open', 'ended', 'closed_out')),
  exercise boolean not null default false,
  proposed_by uuid,
  approved_by uuid,
  proposed_at timestamptz not null,
  opened_at timestamptz,
  ended_at timestamptz,
  closed_out_at timestamptz,
  version integer not null default 1
);
create index emergency_state on emergency (state, area);
select weiwang_reference('emergency', 'select, insert, update');

create table campaign (
  id uuid primary key,
  emergency_id uuid not null references emergency (id),
  area text collate "C" not null,
  name jsonb not null,
  purpose jsonb not null,
  basis jsonb not null,
  script jsonb not null,
  questions jsonb not null,
  hours jsonb not null,
  starts date not null,
  ends date not null,
  state text not null check (state in ('draft', 'open', 'ended')),
  created_by uuid,
  created_at timestamptz not null,
  version integer not null default 1
);
create index campaign_emergency on campaign (emergency_id, state);
select weiwang_reference('campaign', 'select, insert, update');

-- One run of the retention role over one kind of data: what fell due, what went, and the hash of the list.
create table deletion_manifest (
  id uuid primary key,
  emergency_id uuid,
  rule text not null,
  cutoff timestamptz not null,
  tables jsonb not null,
  rows bigint not null,
  hash bytea not null,
  at timestamptz not null
);
create index deletion_manifest_at on deletion_manifest (at desc);
select weiwang_reference('deletion_manifest', 'select');
grant insert on deletion_manifest to weiwang_retention;

create table close_out (
  id uuid primary key,
  emergency_id uuid not null references emergency (id),
  state text not null check (state in ('proposed', 'running', 'done')),
  proposed_by uuid,
  approved_by uuid,
  proposed_at timestamptz not null,
  approved_at timestamptz,
  done_at timestamptz,
  certificate jsonb
);
create unique index close_out_emergency on close_out (emergency_id);
select weiwang_reference('close_out', 'select, insert, update');

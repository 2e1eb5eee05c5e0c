-- Accounts, log-in, duties; the legal order under which data are collected; deletion.
create table account (
  id uuid primary key,
  area text collate "C" not null,
  name text not null,
  login text unique,
  phone_hash bytea,
  phone_sealed bytea,
  phone_masked text,
  totp boolean not null default false,
  state text not null check (state in ('roster', 'active', 'locked', 'closed')),
  lang text not null default 'zh' check (lang in ('zh', 'en')),
  -- Sessions made before this instant are over: one column ends them all, and re-activation does not revive them.
  sessions_from timestamptz not null,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index account_phone on account (phone_hash) where phone_hash is not null and state <> 'closed';
create index account_area on account (area, id);
create index account_name on account (name collate "C");
select weiwang_guard('account', 'area', 'select, insert, update');

-- What proves who someone is, apart from the account: the application role can neither read nor write it.
create table account_secret (
  account_id uuid primary key references account (id),
  password_hash text,
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint not null default 0,
  updated_at timestamptz not null
);
select weiwang_internal('account_secret');

create table recovery_code (
  account_id uuid not null references account (id),
  hash bytea not null,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (account_id, hash)
);
select weiwang_internal('recovery_code');

create table account_role (
  account_id uuid not null references account (id),
  role text not null,
  area text collate "C" not null,
  granted_by uuid,
  granted_at timestamptz not null,
  primary key (account_id, role)
);
create index account_role_area on account_role (area, role);
select weiwang_guard('account_role', 'area', 'select, insert, delete');
grant delete on account_role to weiwang_jobs;

-- ACCESS-8: roles that can approve are proposed by one and given by another.
create table role_proposal (
  id uuid primary key,
  account_id uuid not null references account (id),
  area text collate "C" not null,
  role text not null,
  state text not null check (state in ('proposed', 'approved', 'refused')),
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_by_created_by uuid,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz
);
create unique index role_proposal_open on role_proposal (account_id, role) where state = 'proposed';
create index role_proposal_area on role_proposal (area, proposed_at desc);
select weiwang_guard('role_proposal', 'area', 'select, insert, update');

-- Who covers which area from when to when; a stand-in names whom it stands in for. Last days are included.
create table duty (
  id uuid primary key,
  account_id uuid not null references account (id),
  area text collate "C" not null,
  kind text not null check (kind in ('cover', 'stand_in', 'shift')),
  stands_in_for uuid references account (id),
  -- Names as they were when it was assigned: the account may lie outside the reader's area (a stand-in from next door).
  account_name text not null,
  stands_in_for_name text,
  from_day date not null,
  to_day date,
  created_by uuid,
  created_by_name text,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (to_day is null or to_day >= from_day)
);
create index duty_area on duty (area, from_day);
create index duty_cover on duty (area) where ended_at is null;
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
  level text not null check (level in ('full', 'needs_totp', 'needs_enrolment')),
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
  purpose text not null check (purpose in ('login', 'activate', 'resident', 'hand_over')),
  code_hash bytea not null,
  -- Number and code for the gateway, until it has been handed over.
  sealed bytea,
  tries smallint not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_code_target on one_time_code (target_hash, created_at desc);
create index one_time_code_expires on one_time_code (expires_at);
select weiwang_internal('one_time_code');
grant insert on one_time_code to weiwang_app;

create table login_try (
  subject_hash bytea not null,
  at timestamptz not null,
  id uuid not null,
  ok boolean not null,
  primary key (subject_hash, at, id)
);
create index login_try_at on login_try (at);
select weiwang_internal('login_try');

create table recovery (
  id uuid primary key,
  area text collate "C" not null,
  account_id uuid not null references account (id),
  kind text not null check (kind in ('password', 'totp', 'phone')),
  reason text not null,
  phone_sealed bytea,
  phone_hash bytea,
  phone_masked text,
  state text not null check (state in ('asked', 'approved', 'refused', 'used')),
  asked_at timestamptz not null,
  -- The first of the two who reset the second factor of somebody who may approve, open or export.
  confirmed_by uuid,
  confirmed_by_name text,
  confirmed_by_created_by uuid,
  confirmed_at timestamptz,
  decided_by uuid,
  decided_at timestamptz
);
create index recovery_area on recovery (area, asked_at desc);
create unique index recovery_open on recovery (account_id, kind) where state = 'asked';
select weiwang_guard('recovery', 'area', 'select, insert, update');

-- What an account should know though it did not ask: a duty given or taken, a role, a recovery. Holds no personal content.
create table notice (
  account_id uuid not null references account (id),
  id uuid not null,
  kind text not null,
  body jsonb not null,
  at timestamptz not null,
  read_at timestamptz,
  primary key (account_id, id)
);
create index notice_at on notice (at);
select weiwang_internal('notice');
grant insert on notice to weiwang_app;

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
  proposed_by_created_by uuid,
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
  created_by_created_by uuid,
  created_at timestamptz not null,
  opened_at timestamptz,
  opened_by uuid,
  ended_at timestamptz,
  version integer not null default 1
);
create index campaign_emergency on campaign (emergency_id, state);
create index campaign_area on campaign (area, state);
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
create index deletion_manifest_emergency on deletion_manifest (emergency_id, at desc) where emergency_id is not null;
select weiwang_reference('deletion_manifest', 'select');
revoke update, delete on deletion_manifest from weiwang_jobs;
revoke delete on deletion_manifest from weiwang_retention;
grant insert on deletion_manifest to weiwang_retention;

create table close_out (
  id uuid primary key,
  emergency_id uuid not null references emergency (id),
  state text not null check (state in ('proposed', 'running', 'done')),
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_by_created_by uuid,
  approved_by uuid,
  approved_by_name text,
  proposed_at timestamptz not null,
  approved_at timestamptz,
  done_at timestamptz,
  certificate jsonb
);
create unique index close_out_emergency on close_out (emergency_id);
select weiwang_reference('close_out', 'select, insert, update');

-- The trail is append-only by grant. The sealer sets the number of a line's block and, on a block, the day whose head
-- chained it; nothing else can be changed, and only retention deletes.
revoke update on audit from weiwang_jobs;
grant update (block) on audit to weiwang_jobs;
alter table audit_block add column head date;
create index audit_block_unchained on audit_block (day, county) where head is null;
revoke update, delete on audit_block from weiwang_jobs;
revoke delete on audit_block from weiwang_retention;
grant update (head) on audit_block to weiwang_jobs;
revoke update, delete on audit_head from weiwang_jobs;
revoke delete on audit_head from weiwang_retention;
create index audit_day on audit (day, id);

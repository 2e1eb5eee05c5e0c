-- Forces (力量): volunteers and organisations, property companies and estates, staff assigned to grids for a time, posts with
-- rosters and sign-in, protective kit and the health of those who work.

-- Who is behind them. A person to speak to is sealed under the emergency; the duty phone of an estate hangs on its door.
create table force_org (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  kind text not null,
  name text not null,
  contact_sealed bytea,
  emergency_id uuid,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create unique index force_org_name on force_org (county, name) where ended_at is null;
create index force_org_area on force_org (area, id) where ended_at is null;
create index force_org_emergency on force_org (emergency_id, id) where contact_sealed is not null;
select weiwang_guard('force_org', 'area', 'select, insert, update');
grant update (contact_sealed, emergency_id) on force_org to weiwang_retention;

create table force_estate (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  org_id uuid,
  org_name text,
  name text not null,
  duty_phone text,
  contact_sealed bytea,
  emergency_id uuid,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create index force_estate_area on force_estate (area, id) where ended_at is null;
create index force_estate_emergency on force_estate (emergency_id, id) where contact_sealed is not null;
select weiwang_guard('force_estate', 'area', 'select, insert, update');
grant update (contact_sealed, emergency_id) on force_estate to weiwang_retention;

-- FORCE-1: somebody who joins is an account; what he can do and when stands here. `hours`: spans of local time by weekday.
create table force_member (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  kind text not null,
  org_id uuid,
  org_name text,
  skills text[] not null default '{}',
  hours jsonb not null default '[]',
  state text not null check (state in ('enrolled', 'confirmed', 'left')),
  duty_id uuid,
  emergency_id uuid not null,
  enrolled_at timestamptz not null,
  enrolled_by text not null,
  confirmed_at timestamptz,
  confirmed_by text,
  ended_at timestamptz,
  version integer not null default 1,
  primary key (county, id),
  check ((state = 'left') = (ended_at is not null))
);
create unique index force_member_once on force_member (county, account_id) where ended_at is null;
create index force_member_area on force_member (area, id) include (kind, state) where ended_at is null;
create index force_member_account on force_member (account_id) where ended_at is null;
create index force_member_emergency on force_member (emergency_id, id);
create index force_member_ended on force_member (ended_at, id) where ended_at is not null;
select weiwang_guard('force_member', 'area', 'select, insert, update');

-- FORCE-4: an officer of a court, a procuratorate or the police, or staff of a department, in a grid from one day to another.
create table force_attachment (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  body text not null check (body in ('court', 'procuratorate', 'police', 'department', 'enterprise')),
  body_name text not null,
  duty_id uuid not null,
  emergency_id uuid not null,
  from_day date not null,
  to_day date not null,
  successor_id uuid,
  successor_name text,
  at timestamptz not null,
  by_name text not null,
  -- When what was open was handed over; only then it is over.
  ended_at timestamptz,
  primary key (county, id),
  check (to_day >= from_day)
);
create index force_attachment_area on force_attachment (area, id) include (body, from_day, to_day) where ended_at is null;
create index force_attachment_due on force_attachment (to_day, id) where ended_at is null;
create index force_attachment_account on force_attachment (account_id) where ended_at is null;
create index force_attachment_emergency on force_attachment (emergency_id, id);
create index force_attachment_ended on force_attachment (ended_at, id) where ended_at is not null;
select weiwang_guard('force_attachment', 'area', 'select, insert, update');

-- FORCE-5: what was open when somebody went: with a successor, or on the desk's list until somebody has taken it.
create table force_handover (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  thing text not null check (thing in ('task', 'service', 'dispute', 'turn')),
  thing_id uuid not null,
  to_account uuid,
  to_name text,
  emergency_id uuid not null,
  at timestamptz not null,
  done_at timestamptz,
  done_by text,
  primary key (county, id)
);
create unique index force_handover_once on force_handover (county, account_id, thing, thing_id) where done_at is null;
create index force_handover_area on force_handover (area, id) where done_at is null;
create index force_handover_emergency on force_handover (emergency_id, id);
create index force_handover_done on force_handover (done_at, id) where done_at is not null;
select weiwang_guard('force_handover', 'area', 'select, insert, update');

create table force_post (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  kind text not null check (kind in ('gate', 'patrol', 'desk')),
  name text not null,
  opened_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create index force_post_area on force_post (area, id) where ended_at is null;
select weiwang_guard('force_post', 'area', 'select, insert, update');

-- A shift of a post: instants, and the local day on which it begins.
create table force_shift (
  county text collate "C" not null,
  id uuid not null,
  post_id uuid not null,
  area text collate "C" not null,
  post_kind text not null,
  post_name text not null,
  day date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  needed smallint not null check (needed between 1 and 50),
  at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id),
  check (ends_at > starts_at)
);
create unique index force_shift_once on force_shift (county, post_id, starts_at) where ended_at is null;
create index force_shift_area on force_shift (area, day) where ended_at is null;
create index force_shift_day on force_shift (day, starts_at, id) where ended_at is null;
create index force_shift_old on force_shift (ends_at, id);
select weiwang_guard('force_shift', 'area', 'select, insert, update');

-- Somebody's turn in a shift, and when he came and went. Without its person the row still counts (FORCE-12).
create table force_turn (
  county text collate "C" not null,
  id uuid not null,
  shift_id uuid not null,
  post_id uuid not null,
  area text collate "C" not null,
  post_name text not null,
  account_id uuid,
  account_name text not null,
  emergency_id uuid not null,
  day date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  in_at timestamptz,
  in_how text check (in_how in ('code', 'code_later', 'paper', 'hand')),
  out_at timestamptz,
  out_how text check (out_how in ('code', 'code_later', 'paper', 'hand')),
  mended_by text,
  mended_why text,
  at timestamptz not null,
  ended_at timestamptz,
  blanked_at timestamptz,
  primary key (county, id),
  check (out_at is null or (in_at is not null and out_at >= in_at))
);
create unique index force_turn_once on force_turn (county, shift_id, account_id) where ended_at is null and blanked_at is null;
create index force_turn_shift on force_turn (county, shift_id) where ended_at is null;
create index force_turn_account on force_turn (account_id, starts_at) where ended_at is null;
create index force_turn_area on force_turn (area, day) where ended_at is null;
create index force_turn_emergency on force_turn (emergency_id, id);
create index force_turn_old on force_turn (ends_at, id) where blanked_at is null;
select weiwang_guard('force_turn', 'area', 'select, insert, update');
grant update (account_id, account_name, mended_by, mended_why, blanked_at) on force_turn to weiwang_retention;

create table force_kit (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  item text not null,
  n smallint not null check (n between 1 and 1000),
  day date not null,
  emergency_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (county, id)
);
create index force_kit_account on force_kit (account_id, item, day desc);
create index force_kit_area on force_kit (area, id);
create index force_kit_at on force_kit (at, id);
create index force_kit_emergency on force_kit (emergency_id, id);
select weiwang_guard('force_kit', 'area', 'select, insert, update');

-- FORCE-10: what somebody who works says about his own health. Words and symptoms are sealed; the kind is plain to be counted.
create table force_health (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  emergency_id uuid not null,
  kind text not null check (kind in ('contact', 'symptoms')),
  content_sealed bytea not null,
  day date not null,
  rest_until date,
  decided_by text,
  reported_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id)
);
create index force_health_account on force_health (account_id, reported_at desc);
create index force_health_county on force_health (county, reported_at desc, id desc);
create index force_health_area on force_health (area) include (kind, rest_until) where ended_at is null;
create index force_health_reported on force_health (reported_at, id);
create index force_health_emergency on force_health (emergency_id, id);
select weiwang_guard('force_health', 'area', 'select, insert, update');

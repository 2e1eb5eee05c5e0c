-- Teams (包保小组): who is responsible for each observed door; watches (联防单元): ten doors, a building or ten shops with one
-- neighbour who answers for them.

-- TEAM-1: data in versions, one line of versions for each place that wants its own.
create table team_template (
  area text collate "C" not null,
  version integer not null,
  name jsonb not null,
  roles jsonb not null,
  by uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (area, version)
);
select weiwang_reference('team_template', 'select, insert');

-- One team a door for as long as somebody there is observed. `area` is the door's, a grid or finer; `observations` for whom.
create table team (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  household_id uuid not null,
  emergency_id uuid not null,
  template_area text collate "C" not null,
  template_version integer not null,
  observations uuid[] not null default '{}',
  from_day date not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('released', 'moved', 'by_hand')),
  version integer not null default 1,
  primary key (county, id)
);
create unique index team_door on team (county, household_id) where ended_at is null;
create index team_county on team (county, opened_at desc, id desc) where ended_at is null;
create index team_village on team (village, opened_at desc, id desc) where ended_at is null;
create index team_area on team (area) where ended_at is null;
create index team_ended on team (ended_at, id) where ended_at is not null;
select weiwang_guard('team', 'area', 'select, insert, update');

-- The seats of a team by its template, and the limit that left some of them empty when it was last filled. `held`: how many have
-- the seat for good, written with the rows of members, so that the seats that want somebody are found without looking at the others.
create table team_seat (
  county text collate "C" not null,
  team_id uuid not null,
  role text not null,
  area text collate "C" not null,
  need smallint not null,
  held smallint not null default 0,
  bound text check (bound in ('nobody', 'reach', 'distance', 'cap', 'seated')),
  primary key (county, team_id, role)
);
create index team_seat_wanting on team_seat (area) where need > held;
select weiwang_guard('team_seat', 'area', 'select, insert, update');

-- Who sits where from when to when, last day included; never changed but for its end. Names as they were: the account may lie
-- outside the reader's area. A stand-in's row is bound to the leave that it bridges.
create table team_member (
  county text collate "C" not null,
  id uuid not null,
  team_id uuid not null,
  household_id uuid not null,
  area text collate "C" not null,
  role text not null,
  account_id uuid not null,
  account_name text not null,
  from_day date not null,
  to_day date,
  stands_in_for uuid,
  stands_in_for_name text,
  leave_id uuid,
  why text not null check (why in ('filled', 'by_hand', 'replaced', 'stand_in', 'handed_over')),
  by uuid,
  at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('replaced', 'handed_over', 'off_duty', 'leave_over', 'team_over')),
  primary key (county, id),
  check (to_day is null or to_day >= from_day)
);
-- TEAM-2: one seat a person and door.
create unique index team_member_once on team_member (county, team_id, account_id) where ended_at is null and leave_id is null;
create index team_member_team on team_member (county, team_id);
create index team_member_account on team_member (account_id, county) where ended_at is null;
create index team_member_leave on team_member (leave_id) where ended_at is null and leave_id is not null;
select weiwang_guard('team_member', 'area', 'select, insert, update');

-- Days on which somebody is away from all of his doors; no reason is kept. `area` is the account's.
create table team_leave (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  account_id uuid not null,
  account_name text not null,
  from_day date not null,
  to_day date,
  stand_in uuid,
  stand_in_name text,
  by uuid,
  by_name text not null,
  at timestamptz not null,
  ended_at timestamptz,
  primary key (county, id),
  check (to_day is null or to_day >= from_day)
);
create index team_leave_account on team_leave (account_id) where ended_at is null;
create index team_leave_area on team_leave (area, from_day) where ended_at is null;
select weiwang_guard('team_leave', 'area', 'select, insert, update');

-- A person's own cap, in place of the template's.
create table team_cap (
  county text collate "C" not null,
  account_id uuid not null,
  area text collate "C" not null,
  cap smallint,
  by uuid,
  at timestamptz not null,
  primary key (county, account_id)
);
select weiwang_guard('team_cap', 'area', 'select, insert, update');

-- A watch lies under a grid and has a code of 18 digits there, which is never given twice. Its leader is an account of the role
-- watch_leader, or a neighbour without an account, whose name and number are sealed.
create table watch (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  code text collate "C" not null,
  kind text not null check (kind in ('households', 'building', 'shops')),
  name text not null,
  leader_account uuid,
  leader_name text,
  leader_sealed bytea,
  emergency_id uuid,
  made text not null check (made in ('register', 'split', 'grown', 'areas')),
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  version integer not null default 1,
  primary key (county, id)
);
create unique index watch_code on watch (county, code);
create index watch_county on watch (county, code) where ended_at is null;
create index watch_village on watch (village, code) where ended_at is null;
create index watch_area on watch (area) where ended_at is null;
create index watch_leader on watch (leader_account) where ended_at is null and leader_account is not null;
create index watch_emergency on watch (emergency_id, id) where leader_sealed is not null;
select weiwang_guard('watch', 'area', 'select, insert, update');
grant update (leader_sealed, emergency_id) on watch to weiwang_retention;

-- WATCH-3: the key is the rule: a door stands in one watch, or in none. `needs`: help is wanted there, for whatever reason.
create table watch_door (
  county text collate "C" not null,
  household_id uuid not null,
  watch_id uuid not null,
  area text collate "C" not null,
  needs boolean not null default false,
  at timestamptz not null,
  primary key (county, household_id)
);
create index watch_door_watch on watch_door (county, watch_id);
create index watch_door_area on watch_door (area);
select weiwang_guard('watch_door', 'area', 'select, insert, update');
grant delete on watch_door to weiwang_app, weiwang_jobs;

create table watch_note (
  county text collate "C" not null,
  id uuid not null,
  watch_id uuid not null,
  household_id uuid,
  area text collate "C" not null,
  emergency_id uuid not null,
  kind text not null check (kind in ('rang', 'note', 'help')),
  rang text check (rang in ('well', 'no_answer', 'wants_help')),
  text_sealed bytea,
  by uuid not null,
  by_name text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  answered_by uuid,
  answered_name text,
  answered_at timestamptz,
  primary key (county, id)
);
create index watch_note_area on watch_note (area, recorded_at desc, id desc);
create index watch_note_open on watch_note (area, recorded_at, id) where kind = 'help' and answered_at is null;
create index watch_note_watch on watch_note (county, watch_id, recorded_at desc);
create index watch_note_emergency on watch_note (emergency_id, id);
create index watch_note_recorded on watch_note (recorded_at, id);
select weiwang_guard('watch_note', 'area', 'select, insert, update');

-- What is open at the doors of a team.
create index task_household on task (county, household_id) where household_id is not null and answered_at is null and closed_at is null;

-- This room follows areas too (areas/following).
alter table area_followed drop constraint area_followed_room_check;
alter table area_followed add constraint area_followed_room_check
  check (room in ('access', 'people', 'teams', 'tasks', 'observation', 'incidents'));

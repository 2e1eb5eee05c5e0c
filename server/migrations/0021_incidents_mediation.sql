-- Mediation: disputes that outbreak control brought about. Confidential: rows are guarded by area like all others, and beyond that
-- the room shows a row to its mediator, its desk and those given access by name; everybody else counts it (MED-3).

create table dispute (
  county text collate "C" not null,
  id uuid not null,
  area text collate "C" not null,
  village text collate "C" not null generated always as (left(area, 12)) stored,
  emergency_id uuid not null,
  household_id uuid,
  kind text not null check (kind in ('access', 'charges', 'rent', 'fear', 'discrimination', 'other')),
  state text not null check (state in ('open', 'mediating', 'agreed', 'not_agreed', 'passed_up', 'closed')),
  -- The areas whose desks it has lain with; the last is where it lies now.
  desks text[] not null,
  mediator uuid,
  recorded_by uuid,
  visit_id uuid,
  -- Who the parties are, all of it; how many is all that is plain.
  parties_sealed bytea,
  parties smallint not null default 0,
  words_sealed bytea,
  sessions smallint not null default 0,
  follow_up date,
  -- Nothing done by then is late.
  due_by timestamptz not null,
  closing text,
  opened_at timestamptz not null,
  opened_day date not null,
  closed_at timestamptz,
  closed_day date,
  updated_at timestamptz not null,
  version integer not null,
  blanked_at timestamptz,
  primary key (id, county)
);
create index dispute_open_county on dispute (county, due_by, id) where closed_at is null;
create index dispute_open_village on dispute (village, due_by, id) where closed_at is null;
create index dispute_open_area on dispute (area) include (kind, state, due_by, follow_up) where closed_at is null;
create index dispute_opened_county on dispute (county, opened_day desc, opened_at desc, id desc);
create index dispute_opened_village on dispute (village, opened_day desc, opened_at desc, id desc);
create index dispute_closed_county on dispute (county, closed_day desc, closed_at desc, id desc) where closed_at is not null;
create index dispute_closed_village on dispute (village, closed_day desc, closed_at desc, id desc) where closed_at is not null;
create index dispute_mediator on dispute (mediator, opened_at desc) where mediator is not null;
create unique index dispute_visit on dispute (county, visit_id) where visit_id is not null;
create index dispute_kept on dispute (closed_at) where blanked_at is null and closed_at is not null;
create index dispute_emergency on dispute (emergency_id);
select weiwang_guard('dispute', 'area', 'select, insert, update');
grant update (household_id, mediator, recorded_by, visit_id, parties_sealed, words_sealed, blanked_at) on dispute to weiwang_retention;

create table dispute_event (
  county text collate "C" not null,
  dispute_id uuid not null,
  n integer not null,
  area text collate "C" not null,
  kind text not null,
  body jsonb not null,
  by uuid,
  text_sealed bytea,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (county, dispute_id, n)
);
select weiwang_guard('dispute_event', 'area', 'select, insert');

-- Access given by name; who gave it and when it ended stand in the events.
create table dispute_access (
  county text collate "C" not null,
  dispute_id uuid not null,
  account_id uuid not null,
  area text collate "C" not null,
  given_at timestamptz not null,
  ended_at timestamptz,
  primary key (county, dispute_id, account_id)
);
create index dispute_access_account on dispute_access (account_id) where ended_at is null;
select weiwang_guard('dispute_access', 'area', 'select, insert, update');

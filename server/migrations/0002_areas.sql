-- The hierarchy: 2 province, 4 city, 6 county, 9 town, 12 village, 15 grid, 18 unit. A row is one version of one area.
-- Outside the deployment's province only provinces, cities and counties are kept, so that risk areas can be named.
create table area (
  code text collate "C" not null check (code ~ '^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?)?)?)?$'),
  parent text collate "C",
  level smallint not null check (level between 1 and 7),
  name text not null,
  kind text not null,
  households integer,
  valid_from date not null,
  valid_to date,
  primary key (code, valid_from),
  check (valid_to is null or valid_to >= valid_from)
);
create unique index area_now on area (code) where valid_to is null;
create index area_parent on area (parent, code) where valid_to is null;
create index area_level on area (level, code) where valid_to is null;
select weiwang_reference('area', 'select, insert, update');

-- "As organised on day D" asks for ended versions too.
create index area_parent_any on area (parent, code, valid_from);
create index area_level_any on area (level, code, valid_from);

-- What an area may be typed as, for search by prefix: its name, later parts of it, other names, pinyin and initials.
-- Rows of ended areas stay; the search joins the version that holds now.
create table area_term (
  term text collate "C" not null,
  code text collate "C" not null,
  kind text not null check (kind in ('name', 'alias', 'pinyin')),
  primary key (term, code)
);
select weiwang_reference('area_term', 'select, insert');

create table area_successor (
  code text collate "C" not null,
  successor text collate "C" not null,
  on_day date not null,
  primary key (code, successor, on_day)
);
create index area_successor_back on area_successor (successor);
select weiwang_reference('area_successor', 'select, insert');

create table area_alias (
  alias text not null,
  code text collate "C" not null,
  kind text not null check (kind in ('short', 'old', 'other', 'learned')),
  primary key (alias, code)
);
select weiwang_reference('area_alias', 'select, insert');

-- A proposed or applied reorganisation: split, merge, rename, move; previewed before commit, applied by a second person.
create table area_change (
  id uuid primary key,
  area text collate "C" not null,
  kind text not null check (kind in ('split', 'merge', 'rename', 'move', 'import')),
  plan jsonb not null,
  effects jsonb,
  on_day date not null,
  state text not null check (state in ('proposed', 'applied', 'refused')),
  proposed_by uuid,
  decided_by uuid,
  proposed_at timestamptz not null,
  decided_at timestamptz
);
create index area_change_area on area_change (area, proposed_at desc);
create index area_change_open on area_change (area, id) where state = 'proposed';
select weiwang_guard('area_change', 'area', 'select, insert, update');

-- Which rooms have moved what they hold by area after a change: a room that was killed midway has no row and goes on.
create table area_followed (
  change_id uuid not null,
  room text not null check (room in ('access', 'people', 'tasks')),
  at timestamptz not null,
  primary key (change_id, room)
);
select weiwang_reference('area_followed', 'select');

-- What phones pull, looked up by thing and by age, and whom to call.

-- Where a thing stands in the feeds, whatever the grid: a door or person that moves is taken out of the grid that it left.
create index grid_feed_thing on grid_feed (id, kind);

-- What leaves the feed by age (retention), and from where a grid's floor is raised (SYNC-9).
create index grid_feed_ends on grid_feed (at) where kind in ('visit', 'notice') or body ->> 'gone' is not null;

-- Numbers that a phone shows for help, by area; the nearest of each role counts. Public numbers of offices, nothing personal.
create table area_contact (
  area text collate "C" not null,
  role text not null check (role in ('supervisor', 'centre', 'clinic', 'police')),
  name text not null,
  phone text not null,
  by uuid,
  updated_at timestamptz not null,
  primary key (area, role)
);
select weiwang_reference('area_contact', 'select, insert, update');

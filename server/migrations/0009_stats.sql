-- Counters per grid (or coarser area where the thing lies) and day, written in the transaction of the event (STAT-1).
-- Higher levels are sums by prefix: one day is one contiguous range of stat_day_range.
create table stat_day (
  county text collate "C" not null,
  area text collate "C" not null,
  day date not null,
  metric text collate "C" not null,
  n bigint not null,
  primary key (county, area, day, metric)
) with (fillfactor = 80);
create index stat_day_range on stat_day (day, area, metric);
select weiwang_guard('stat_day', 'area', 'select, insert, update');

-- The same counters by town (the first nine digits, or the coarser area itself), moved with them: what a county and the
-- levels above read, since a day of a province is 70,000 grids and 1,500 towns.
create table stat_town (
  county text collate "C" not null,
  area text collate "C" not null,
  day date not null,
  metric text collate "C" not null,
  n bigint not null,
  primary key (county, area, day, metric)
) with (fillfactor = 50);
create index stat_town_range on stat_town (day, area, metric);
select weiwang_guard('stat_town', 'area', 'select, insert, update');

-- What a close-out deletes is taken from the counters of what is there, in the same transaction (STAT-15).
grant insert, update on stat_day, stat_town to weiwang_retention;

-- Answers of a source by day and disposition: its precision, shown to its owner.
create table stat_source (
  county text collate "C" not null,
  source text collate "C" not null,
  day date not null,
  disposition text collate "C" not null,
  n bigint not null,
  primary key (county, source, day, disposition)
);
create index stat_source_source on stat_source (source, day);
select weiwang_guard('stat_source', 'county', 'select, insert, update');

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

-- Counters per finest area and day, written in the transaction of the event (STAT-1). Higher levels are sums by prefix.
create table stat_day (
  county text collate "C" not null,
  area text collate "C" not null,
  day date not null,
  metric text collate "C" not null,
  n bigint not null,
  primary key (county, area, day, metric)
);
create index stat_day_area on stat_day (area, metric, day);
select weiwang_guard('stat_day', 'area', 'select, insert, update');

-- Precision of a source by day and disposition, shown to its owner.
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

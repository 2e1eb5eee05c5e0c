-- Half-written forms that follow their worker to another phone (SYNC-22). One for each account, form, version and subject; the
-- last one written wins; a dropped one stays as a mark without content until it goes by age.
create table draft (
  account_id uuid not null references account (id),
  form text not null,
  version text not null,
  subject text not null,
  emergency_id uuid not null,
  content_sealed bytea,
  saved_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (account_id, form, version, subject)
);
create index draft_at on draft (recorded_at);
select weiwang_internal('draft');
grant select, insert, update on draft to weiwang_app;

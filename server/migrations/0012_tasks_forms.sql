-- Forms of visits, as data in versions (FORM-1). A version is never edited: saving makes the next of its area and purpose.
create table form (
  id uuid primary key,
  area text collate "C" not null,
  purpose text not null,
  version integer not null,
  form jsonb not null,
  state text not null check (state in ('draft', 'active', 'retired', 'refused')),
  by uuid,
  by_name text not null,
  by_created_by uuid,
  made_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  reason text
);
create unique index form_version on form (area, purpose, version);
-- One form of a purpose is in force for an area.
create unique index form_active on form (area, purpose) where state = 'active';
select weiwang_reference('form', 'select, insert, update');

-- Instructions 工作指令 and what their receivers answer (INSTR-1). Nothing personal stands in an instruction.
create table instruction (
  id uuid primary key,
  area text collate "C" not null,
  version integer not null default 1,
  state text not null check (state in ('sending', 'sent', 'recalled')),
  title text not null,
  route text not null check (route in ('straight', 'by_level')),
  level smallint not null,
  targets text[] not null,
  due_at timestamptz not null,
  report boolean not null,
  -- Kinds of doors and the purpose of the form that is filled at each.
  door_kinds text[],
  door_purpose text,
  args_hash bytea not null,
  by uuid,
  by_name text not null,
  sent_at timestamptz not null
);
create index instruction_area on instruction (area, sent_at desc, id desc);
create index instruction_sending on instruction (sent_at) where state = 'sending';
select weiwang_reference('instruction', 'select, insert, update');

-- Changing and recalling are new versions; none is ever edited.
create table instruction_version (
  instruction_id uuid not null references instruction (id),
  version integer not null,
  kind text not null check (kind in ('sent', 'changed', 'recalled')),
  title text not null,
  text text not null,
  due_at timestamptz not null,
  reason text,
  by uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (instruction_id, version)
);
select weiwang_reference('instruction_version', 'select, insert');

-- What a level on the way adds when it passes an instruction on (INSTR-4).
create table instruction_addition (
  instruction_id uuid not null references instruction (id),
  area text collate "C" not null,
  text text not null,
  due_at timestamptz,
  by uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (instruction_id, area)
);
select weiwang_reference('instruction_addition', 'select, insert');

-- The present row of a receiver: the fold of its events, written with them.
create table receipt (
  county text collate "C" not null,
  instruction_id uuid not null,
  area text collate "C" not null,
  level smallint not null,
  version integer not null,
  n integer not null default 1,
  state text not null check (state in ('sent', 'read', 'accepted', 'cannot', 'done', 'recalled')),
  sent_at timestamptz not null,
  due_at timestamptz not null,
  read_at timestamptz,
  accepted_at timestamptz,
  done_at timestamptz,
  passed_on_at timestamptz,
  escalated smallint not null default 0,
  -- When the next half of the time given has passed; null when nobody is told any more (INSTR-5).
  next_step_at timestamptz,
  -- When the grid's phones have it no longer; null of a centre, and once they were told (INSTR-10).
  leaves_at timestamptz,
  told_name text,
  doors integer not null default 0,
  doors_done integer not null default 0,
  by_name text,
  note_sealed bytea,
  primary key (county, instruction_id, area)
);
create index receipt_instruction on receipt (instruction_id, area);
create index receipt_area on receipt (area, instruction_id);
create index receipt_late on receipt (area, due_at) where state not in ('done', 'recalled');
create index receipt_step on receipt (next_step_at) where next_step_at is not null;
create index receipt_leaves on receipt (leaves_at) where leaves_at is not null;
select weiwang_guard('receipt', 'area', 'select, insert, update');
-- A receiver whose area has ended goes on under what it became (INSTR-9).
grant delete on receipt to weiwang_jobs;
-- What a grid wrote beside its answer goes with its emergency; the counts stay.
grant update (note_sealed) on receipt to weiwang_retention;

create table receipt_event (
  county text collate "C" not null,
  instruction_id uuid not null,
  area text collate "C" not null,
  n integer not null,
  kind text not null,
  version integer not null,
  -- Of an escalation: which half of the time given had passed (INSTR-5).
  step smallint,
  by uuid,
  by_name text not null,
  occurred_at timestamptz not null,
  at timestamptz not null,
  primary key (county, instruction_id, area, n)
);
select weiwang_guard('receipt_event', 'area', 'select, insert');

-- A door counts once for an instruction, by its first visit that stands (INSTR-6); a correction may take it back.
create table instruction_door (
  county text collate "C" not null,
  instruction_id uuid not null,
  household_id uuid not null,
  area text collate "C" not null,
  visit_id uuid not null,
  at timestamptz not null,
  primary key (county, instruction_id, household_id)
);
select weiwang_guard('instruction_door', 'area', 'select, insert, update, delete');
grant delete on instruction_door to weiwang_jobs;

-- Papers that go with an instruction: PDF, JPEG or PNG, public inside the scope of the instruction and never personal. One that
-- no instruction has taken up within a day goes.
create table instruction_attachment (
  id uuid primary key,
  area text collate "C" not null,
  instruction_id uuid references instruction (id),
  n smallint not null default 0,
  name text not null,
  type text not null check (type in ('application/pdf', 'image/jpeg', 'image/png')),
  bytes integer not null,
  hash bytea not null,
  content bytea not null,
  by uuid,
  at timestamptz not null
);
create index instruction_attachment_of on instruction_attachment (instruction_id, n) where instruction_id is not null;
create index instruction_attachment_loose on instruction_attachment (at) where instruction_id is null;
select weiwang_reference('instruction_attachment', 'select, insert');
grant update (instruction_id, n) on instruction_attachment to weiwang_app;

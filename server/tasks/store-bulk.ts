import type { TaskEvent } from '@weiwang/domain/tasks/event'
import type { TaskState } from '@weiwang/domain/tasks/fold'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { rowOf } from './store.ts'

/** Many tasks by one statement each (bulk.ts): rows travel as one JSON text, whatever their number. */
export type Lock = { person_id: string; campaign_id: string; home_area: string; county: string; task_id: string }

/** TASK-5 for many, in the order of the key. @returns the ids of the tasks that hold their lock now */
export async function takeLocks(db: Db, locks: readonly Lock[]): Promise<Set<string>> {
  const { rows } = await sql<{ task_id: string }>`
    insert into open_task (person_id, campaign_id, home_area, county, task_id)
    select person_id, campaign_id, home_area, county, task_id
    from json_to_recordset(${JSON.stringify(locks)}::json) as l (person_id uuid, campaign_id uuid, home_area text, county text, task_id uuid)
    order by person_id
    on conflict (person_id, campaign_id) do nothing
    returning task_id`.execute(db)
  return new Set(rows.map((row) => row.task_id))
}

export async function releaseLocks(db: Db, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return
  await sql`delete from open_task o using task t
    where t.id = any(${[...taskIds]}::uuid[]) and o.person_id = t.person_id and o.campaign_id = t.campaign_id and o.task_id = t.id`.execute(
    db,
  )
}

/** One number for each of the counties given, in their order (see nextReference). */
export async function referencesFor(db: Db, counties: readonly string[]): Promise<string[]> {
  if (counties.length === 0) return []
  const wanted = new Map<string, number>()
  for (const county of counties) wanted.set(county, (wanted.get(county) ?? 0) + 1)
  const { rows } = await sql<{ county: string; n: number }>`
    insert into task_number (county, n)
    select county, n from json_to_recordset(${JSON.stringify([...wanted].map(([county, n]) => ({ county, n })))}::json) as w (county text, n bigint)
    order by county
    on conflict (county) do update set n = task_number.n + excluded.n
    returning county, n`.execute(db)
  const next = new Map(rows.map((row) => [row.county, row.n - (wanted.get(row.county) ?? 0)]))
  return counties.map((county) => {
    const n = (next.get(county) ?? 0) + 1
    next.set(county, n)
    return `${String(n).padStart(7, '0')}${String(98 - ((n * 100) % 97)).padStart(2, '0')}`
  })
}

export type Made = {
  county: string
  id: string
  campaignId: string
  kind: string
  personId: string
  masked: string
  reasons: readonly object[]
  reference: string
  state: TaskState
}

const STATE_COLUMNS = sql`area text, household_id uuid, grade text, urgency smallint, state text, outcome text, assignee uuid, disposition text,
  attempts smallint, bounces smallint, escalated smallint, accept_by timestamptz, answer_by timestamptz, next_escalation timestamptz,
  next_try timestamptz, due_day date, sources text[], accepted_at timestamptz, answered_at timestamptz, answered_day date,
  closed_at timestamptz, closed_day date, updated_at timestamptz, version integer`

/** An array inside jsonb reaches json_to_recordset as a json array, which a text[] column reads. */
export async function insertAll(db: Db, list: readonly Made[]): Promise<void> {
  if (list.length === 0) return
  const rows = list.map(({ state, ...made }) => ({
    county: made.county,
    id: made.id,
    root: state.root,
    campaign_id: made.campaignId,
    kind: made.kind,
    person_id: made.personId,
    masked: made.masked,
    reasons: made.reasons,
    reference: made.reference,
    opened_at: state.openedAt,
    ...rowOf(state),
  }))
  await sql`
    insert into task (county, id, root, area, campaign_id, kind, person_id, household_id, masked, grade, urgency, state, outcome, assignee,
      disposition, attempts, bounces, escalated, accept_by, answer_by, next_escalation, next_try, due_day, reasons, sources, reference,
      opened_at, accepted_at, answered_at, answered_day, closed_at, closed_day, updated_at, version)
    select county, id, root, area, campaign_id, kind, person_id, household_id, masked, grade, urgency, state, outcome, assignee,
      disposition, attempts, bounces, escalated, accept_by, answer_by, next_escalation, next_try, due_day, reasons, sources, reference,
      opened_at, accepted_at, answered_at, answered_day, closed_at, closed_day, updated_at, version
    from json_to_recordset(${JSON.stringify(rows)}::json) as t (county text, id uuid, root uuid, campaign_id uuid, kind text,
      person_id uuid, masked text, reasons jsonb, reference text, opened_at timestamptz, ${STATE_COLUMNS})`.execute(db)
}

export async function updateAll(
  db: Db,
  list: readonly { county: string; id: string; state: TaskState }[],
): Promise<void> {
  const rows = list.map(({ county, id, state }) => ({ county, id, ...rowOf(state) }))
  await sql`
    update task set area = s.area, household_id = s.household_id, grade = s.grade, urgency = s.urgency, state = s.state, outcome = s.outcome,
      assignee = s.assignee, disposition = s.disposition, attempts = s.attempts, bounces = s.bounces, escalated = s.escalated,
      accept_by = s.accept_by, answer_by = s.answer_by, next_escalation = s.next_escalation, next_try = s.next_try, due_day = s.due_day,
      sources = s.sources, accepted_at = s.accepted_at, answered_at = s.answered_at, answered_day = s.answered_day,
      closed_at = s.closed_at, closed_day = s.closed_day, updated_at = s.updated_at, version = s.version
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (county text, id uuid, ${STATE_COLUMNS})
    where task.county = s.county and task.id = s.id`.execute(db)
}

export async function appendAll(
  db: Db,
  list: readonly { county: string; taskId: string; event: TaskEvent }[],
): Promise<void> {
  if (list.length === 0) return
  const rows = list.map(({ county, taskId, event }) => ({
    county,
    task_id: taskId,
    n: event.n,
    area: event.area,
    kind: event.kind,
    body: event.body,
    by: event.by,
    occurred_at: event.occurredAt,
    recorded_at: event.recordedAt,
  }))
  await sql`
    insert into task_event (county, task_id, n, area, kind, body, by, occurred_at, recorded_at)
    select county, task_id, n, area, kind, body, by, occurred_at, recorded_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as e (county text, task_id uuid, n integer, area text, kind text, body jsonb,
      by uuid, occurred_at timestamptz, recorded_at timestamptz)`.execute(db)
}

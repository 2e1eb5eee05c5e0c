import type { AreaCode } from '@weiwang/domain/areas/code'
import { pathOf } from '@weiwang/domain/areas/code'
import { readTaskEvent } from '@weiwang/domain/tasks/event'
import type { TaskEvent } from '@weiwang/domain/tasks/event'
import { escalatedLevel, foldTask, nextEscalation } from '@weiwang/domain/tasks/fold'
import type { TaskState } from '@weiwang/domain/tasks/fold'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Task, TaskEvent as TaskEventTable } from '../core/db/types.ts'
import { gradedAsOf } from '../grading/store.ts'

/** Tasks one by one and in handfuls: rows, events, the lock. Lists are in store-lists.ts, pushes in store-push.ts. */
export type TaskRow = Selectable<Task>
export type Loaded = { row: TaskRow; state: TaskState }

export const URGENCY = { red: 1, yellow: 2, blue: 3 } as const

function at(iso: string): Date
function at(iso: string | null): Date | null
function at(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso)
}

/** What a state writes into its row: everything that lists, figures and timers ask for. */
export function rowOf(state: TaskState) {
  const open = state.answeredAt === null && state.closedAt === null
  return {
    area: state.area,
    household_id: state.householdId,
    grade: state.grade,
    urgency: URGENCY[state.grade],
    state: state.state,
    outcome: state.outcome,
    assignee: state.assignee,
    disposition: state.disposition,
    attempts: state.attempts,
    bounces: state.bounces,
    escalated: escalatedLevel(state),
    accept_by: state.acceptedAt === null ? at(state.clock.acceptBy) : null,
    answer_by: at(state.clock.answerBy),
    next_escalation: open ? at(nextEscalation(state)?.at ?? null) : null,
    next_try: at(state.nextTry),
    due_day: state.dueDay,
    sources: state.sources,
    accepted_at: at(state.acceptedAt),
    answered_at: at(state.answeredAt),
    answered_day: state.answeredDay,
    closed_at: at(state.closedAt),
    closed_day: state.closedDay,
    updated_at: at(state.updatedAt),
    version: state.version,
  }
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

function readEvents(rows: readonly Selectable<TaskEventTable>[]): TaskEvent[] {
  return rows.flatMap((row) => {
    const event = readTaskEvent({
      ...row,
      occurredAt: row.occurred_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
    })
    return event ? [event] : []
  })
}

export async function eventsOf(db: Db, county: string, taskIds: readonly string[]): Promise<Map<string, TaskEvent[]>> {
  const rows = await db
    .selectFrom('task_event')
    .selectAll()
    .where('county', '=', county)
    .where('task_id', 'in', taskIds)
    .orderBy('task_id')
    .orderBy('n')
    .execute()
  const byTask = grouped(rows, (row) => row.task_id)
  return new Map([...byTask].map(([id, list]) => [id, readEvents(list)]))
}

async function withState(db: Db, rows: TaskRow[]): Promise<Loaded[]> {
  const loaded: Loaded[] = []
  for (const [county, mine] of grouped(rows, (row) => row.county)) {
    const events = await eventsOf(
      db,
      county,
      mine.map((row) => row.id),
    )
    for (const row of mine) loaded.push({ row, state: foldTask(events.get(row.id) ?? []) })
  }
  return loaded
}

/** The task in scope, locked until the transaction ends; null outside the scope and when there is none. */
export async function lockTask(db: Db, scope: readonly AreaCode[], id: string): Promise<Loaded | null> {
  const rows = await db
    .selectFrom('task')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('task.area', scope))
    .forUpdate()
    .execute()
  return (await withState(db, rows))[0] ?? null
}

/** Several, locked in the order of their ids. */
export async function lockTasks(db: Db, scope: readonly AreaCode[], ids: readonly string[]): Promise<Loaded[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('task')
    .selectAll()
    .where('id', 'in', ids)
    .where(inScope('task.area', scope))
    .orderBy('id')
    .forUpdate()
    .execute()
  return withState(db, rows)
}

export async function findTask(db: Db, scope: readonly AreaCode[], id: string): Promise<Loaded | null> {
  const rows = await db.selectFrom('task').selectAll().where('id', '=', id).where(inScope('task.area', scope)).execute()
  return (await withState(db, rows))[0] ?? null
}

/** Rows of tasks by their keys, within the scope. */
export async function tasksById(
  db: Db,
  scope: readonly AreaCode[],
  keys: readonly { county: string; id: string }[],
): Promise<TaskRow[]> {
  if (keys.length === 0) return []
  return db
    .selectFrom('task')
    .selectAll()
    .where('county', 'in', [...new Set(keys.map((key) => key.county))])
    .where('id', 'in', [...new Set(keys.map((key) => key.id))])
    .where(inScope('task.area', scope))
    .execute()
}

export async function history(db: Db, county: string, taskId: string): Promise<Selectable<TaskEventTable>[]> {
  return db
    .selectFrom('task_event')
    .selectAll()
    .where('county', '=', county)
    .where('task_id', '=', taskId)
    .orderBy('n')
    .execute()
}

export async function insertTask(db: Db, task: InsertObject<DB, 'task'>): Promise<void> {
  await db.insertInto('task').values(task).execute()
}

export async function updateTask(db: Db, row: { county: string; id: string }, state: TaskState): Promise<void> {
  await db.updateTable('task').set(rowOf(state)).where('id', '=', row.id).where('county', '=', row.county).execute()
}

/** `sealed`: the text that a person typed, with the event of number `n`. */
export async function appendEvents(
  db: Db,
  county: string,
  taskId: string,
  events: readonly TaskEvent[],
  sealed: { n: number; text: Buffer } | null = null,
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('task_event')
    .values(
      events.map((event) => ({
        county,
        task_id: taskId,
        n: event.n,
        area: event.area,
        kind: event.kind,
        body: json(event.body),
        by: event.by,
        text_sealed: sealed?.n === event.n ? sealed.text : null,
        occurred_at: at(event.occurredAt),
        recorded_at: at(event.recordedAt),
      })),
    )
    .execute()
}

/** The next reference number of a county: seven digits and two check digits (ISO 7064, mod 97-10), to be read on the phone. */
export async function nextReference(db: Db, county: string): Promise<string> {
  const { n } = await db
    .insertInto('task_number')
    .values({ county, n: 1 })
    .onConflict((oc) => oc.column('county').doUpdateSet({ n: sql<number>`task_number.n + excluded.n` }))
    .returning('n')
    .executeTakeFirstOrThrow()
  return `${String(n).padStart(7, '0')}${String(98 - ((n * 100) % 97)).padStart(2, '0')}`
}

/** TASK-5: the lock of one open task per person and campaign. False when another open task holds it. */
export async function takeLock(db: Db, lock: InsertObject<DB, 'open_task'>): Promise<boolean> {
  const row = await db
    .insertInto('open_task')
    .values(lock)
    .onConflict((oc) => oc.columns(['person_id', 'campaign_id']).doNothing())
    .returning('task_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function releaseLock(db: Db, personId: string, campaignId: string, taskId: string): Promise<void> {
  await db
    .deleteFrom('open_task')
    .where('person_id', '=', personId)
    .where('campaign_id', '=', campaignId)
    .where('task_id', '=', taskId)
    .execute()
}

export async function lockIsFree(db: Db, personId: string, campaignId: string): Promise<boolean> {
  const row = await db
    .selectFrom('open_task')
    .select('task_id')
    .where('person_id', '=', personId)
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst()
  return row === undefined
}

export async function openTasksOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db.selectFrom('open_task').select('task_id').where('person_id', '=', personId).execute()
  return rows.map((row) => row.task_id)
}

export async function insertTransfer(db: Db, row: InsertObject<DB, 'task_transfer'>): Promise<void> {
  await db.insertInto('task_transfer').values(row).execute()
}

/** Where a person lives now: the door and the masked name as the register has them. */
export async function homeOf(
  db: Db,
  personId: string,
): Promise<{ area: string; masked: string; householdId: string | null } | null> {
  const row = await db
    .selectFrom('person')
    .leftJoin('residence', (join) =>
      join.onRef('residence.person_id', '=', 'person.person_id').on('residence.to_day', 'is', null),
    )
    .select(['person.home_area', 'person.masked', 'residence.household_id'])
    .where('person.person_id', '=', personId)
    .orderBy('residence.recorded_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { area: row.home_area, masked: row.masked, householdId: row.household_id } : null
}

/** The newest answer that exists about this person in this campaign, other than this task's own. */
export async function answersBefore(
  db: Db,
  personId: string,
  campaignId: string,
  not: string,
): Promise<{ id: string; disposition: string | null; answered_at: Date | null; area: string }[]> {
  return db
    .selectFrom('task')
    .select(['id', 'disposition', 'answered_at', 'area'])
    .where('person_id', '=', personId)
    .where('campaign_id', '=', campaignId)
    .where('answered_at', 'is not', null)
    .where('id', '<>', not)
    .orderBy('answered_at', 'desc')
    .limit(5)
    .execute()
}

export type Owner = { id: string; name: string; area: string; open: number }

/**
 * TASK-13 (case 53): who can own a task of this area today: active, a grid worker on duty over the area (stand-ins
 * and shifts count on their days), or at the desk of a centre around it.
 */
export async function ownersOf(db: Db, area: AreaCode, today: string, only?: string): Promise<Owner[]> {
  const around = pathOf(area)
  const { rows } = await sql<Owner>`
    select a.id, a.name, coalesce(min(d.area), a.area) as area,
      (select count(*)::int from task t where t.assignee = a.id and t.answered_at is null and t.closed_at is null) as open
    from account a
    left join duty d on d.account_id = a.id and d.ended_at is null and d.from_day <= ${today}::date
      and (d.to_day is null or d.to_day >= ${today}::date) and d.area in (${sql.join(around)})
    where a.state = 'active' and (${only ?? null}::uuid is null or a.id = ${only ?? null}::uuid)
      and exists (
        select from account_role r where r.account_id = a.id
          and ((r.role = 'worker' and d.id is not null) or (r.role in ('operator', 'chief') and a.area in (${sql.join(around)})))
      )
    group by a.id, a.name, a.area
    order by open, a.id
    limit 200`.execute(db)
  return rows
}

/**
 * TASK-4, TASK-13: who is told at an area: the workers on shift there today, otherwise the people of its desk; at most three. Doctors,
 * officers and cadres have duties for teams, and grid work is not theirs.
 */
export async function responsibleAt(db: Db, area: AreaCode, today: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select a.id, a.name from account a
    left join duty d on d.account_id = a.id and d.ended_at is null and d.area = ${area} and d.from_day <= ${today}::date
      and (d.to_day is null or d.to_day >= ${today}::date)
    where a.state = 'active' and exists (select from account_role r where r.account_id = a.id
      and ((r.role = 'worker' and d.id is not null) or (r.role in ('operator', 'chief') and a.area = ${area})))
    group by a.id, a.name
    order by bool_or(d.kind = 'shift') desc nulls last, bool_or(d.id is not null) desc, a.id
    limit 3`.execute(db)
  return rows
}

/** Estate, building and door of households, as one line. */
export async function doorsOf(
  db: Db,
  households: readonly { county: string; id: string | null }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(households.flatMap((h) => (h.id === null ? [] : [h.id])))]
  if (ids.length === 0) return new Map()
  const counties = [...new Set(households.map((h) => h.county))]
  const rows = await db
    .selectFrom('household')
    .select(['id', 'estate', 'building', 'door'])
    .where('county', 'in', counties)
    .where('id', 'in', ids)
    .execute()
  return new Map(
    rows.map((row) => [
      row.id,
      [row.estate, row.building, row.door].filter((part) => part !== null && part !== '').join(' '),
    ]),
  )
}

export async function visitsOfTask(
  db: Db,
  county: string,
  taskId: string,
): Promise<{ id: string; day: string; disposition: string | null; method: string }[]> {
  return db
    .selectFrom('visit')
    .select(['id', 'day', 'disposition', 'method'])
    .where('county', '=', county)
    .where('task_id', '=', taskId)
    .orderBy('recorded_at', 'desc')
    .limit(20)
    .execute()
}

/**
 * Open tasks whose next escalation has come, oldest first; skipped when another worker has them. Only those of some grades:
 * what may not sound now waits (TASK-18).
 */
export async function dueEscalations(db: Db, now: Date, grades: readonly string[], limit: number): Promise<Loaded[]> {
  const rows = await db
    .selectFrom('task')
    .selectAll()
    .where('next_escalation', '<=', now)
    .where('answered_at', 'is', null)
    .where('closed_at', 'is', null)
    .where('grade', 'in', [...grades])
    .orderBy('next_escalation')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return withState(db, rows)
}

export type Regrade = { taskId: string; personId: string; grade: string | null; until: string | null; reasons: unknown }

/** Open tasks about persons of a run, or about one person; by id, after a cursor. */
export async function tasksToRegrade(
  db: Db,
  of: { runId: string } | { personId: string },
  after: string,
  limit: number,
): Promise<string[]> {
  const touched =
    'runId' in of
      ? sql`exists (select from grade g where g.run_id = ${of.runId} and g.person_id = o.person_id)`
      : sql`o.person_id = ${of.personId}`
  const { rows } = await sql<{ id: string }>`
    select o.task_id as id from open_task o
    where o.task_id > ${after}::uuid and ${touched}
      -- A welfare task asks how somebody is; no grade takes it back.
      and exists (select from task t where t.id = o.task_id and t.county = o.county and t.kind = 'check')
    order by o.task_id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/**
 * The persons of open tasks with their grade of the day: the strongest reason that stands, also while the midnight job is late
 * (GRADE-8).
 */
export async function regradesOf(db: Db, ids: readonly string[], today: string): Promise<Regrade[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Regrade>`
    select o.task_id as "taskId", o.person_id as "personId", n.grade, n.until_day as "until", coalesce(n.reasons, '[]'::jsonb) as reasons
    from open_task o
    left join lateral (select * from ${gradedAsOf(today, sql<boolean>`g.person_id = o.person_id`)} x) n on true
    where o.task_id = any(${[...ids]}::uuid[])`.execute(db)
  return rows
}

export async function setReasons(db: Db, row: { county: string; id: string }, reasons: unknown): Promise<void> {
  await db
    .updateTable('task')
    .set({ reasons: json(reasons) })
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

/** Open tasks that an account owns, by id after a cursor. */
export async function openTasksOwnedBy(db: Db, accountId: string, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('task')
    .select('id')
    .where('assignee', '=', accountId)
    .where('answered_at', 'is', null)
    .where('closed_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Open tasks of two records of one person in the same campaign: the one to keep and the one too many. */
export async function doubledTasks(db: Db, from: string, into: string): Promise<{ extra: string; kept: string }[]> {
  const { rows } = await sql<{ extra: string; kept: string }>`
    select a.task_id as extra, b.task_id as kept from open_task a join open_task b on b.campaign_id = a.campaign_id
    where a.person_id = ${from} and b.person_id = ${into}`.execute(db)
  return rows
}

/** Open tasks of a campaign, by id after a cursor. */
export async function openTasksOfCampaign(db: Db, campaignId: string, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('task')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('answered_at', 'is', null)
    .where('closed_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export type CampaignOfTask = {
  id: string
  name: { zh: string; en: string }
  purpose: { zh: string; en: string }
  basis: { zh: string; en: string }
  script: unknown
  questions: unknown
  hours: unknown
  ends: string
  emergency_id: string
}

export async function campaignOf(db: Db, id: string): Promise<CampaignOfTask> {
  return db
    .selectFrom('campaign')
    .select(['id', 'name', 'purpose', 'basis', 'script', 'questions', 'hours', 'ends', 'emergency_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

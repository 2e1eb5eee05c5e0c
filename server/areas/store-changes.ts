import { ChangeEffects, ChangePlan } from '@weiwang/domain/areas/api'
import type { ChangeView } from '@weiwang/domain/areas/api'
import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Door } from '@weiwang/domain/areas/change'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'

function inside(column: string, codes: readonly AreaCode[]): RawBuilder<boolean> {
  const ref = sql.ref(column)
  return sql<boolean>`(${sql.join(
    codes.map((c) => sql`(${ref} >= ${c} and ${ref} < ${upper(c)})`),
    sql` or `,
  )})`
}

export type Affected = { households: number; persons: number; openTasks: number; workers: number }

/** Who lies inside areas now: doors, people who live there, open tasks, workers on duty. Within the reader's bounds. */
export async function countAffected(db: Db, tops: readonly AreaCode[], today: Day): Promise<Affected> {
  if (tops.length === 0) return { households: 0, persons: 0, openTasks: 0, workers: 0 }
  const { rows } = await sql<Affected>`select
    (select count(*) from household where ${inside('household.area', tops)}) as households,
    (select count(distinct person_id) from residence where to_day is null and ${inside('residence.home_area', tops)}) as persons,
    (select count(*) from task where closed_at is null and answered_at is null and ${inside('task.area', tops)}) as "openTasks",
    (select count(distinct account_id) from duty where ended_at is null and from_day <= ${today}::date and (to_day is null or to_day >= ${today}::date)
      and ${inside('duty.area', tops)}) as workers`.execute(db)
  return rows[0] ?? { households: 0, persons: 0, openTasks: 0, workers: 0 }
}

export type OnDuty = { id: string; name: string; area: AreaCode; households: number; openTasks: number }

/** Case 2: who has a duty inside from today on, by name, with what lies under it. Within the reader's bounds. */
export async function affectedWorkers(db: Db, tops: readonly AreaCode[], today: Day, limit: number): Promise<OnDuty[]> {
  if (tops.length === 0) return []
  const { rows } = await sql<OnDuty>`
    select d.account_id as id, d.account_name as name, d.area,
      (select count(*) from household h where h.area >= d.area and h.area < d.area || ':') as households,
      (select count(*) from task t where t.closed_at is null and t.answered_at is null and t.area >= d.area and t.area < d.area || ':') as "openTasks"
    from (
      select distinct account_id, account_name, area from duty
      where ended_at is null and (to_day is null or to_day >= ${today}::date) and ${inside('duty.area', tops)}
      order by area, account_id limit ${limit}
    ) d order by d.area, d.account_id`.execute(db)
  return rows
}

/** Desks inside whose area becomes several: they will stand above and need their roles anew (ACCESS-19). */
export async function countDesks(db: Db, area: AreaCode): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct a.id) as n from account a join account_role r on r.account_id = a.id
    where a.area = ${area} and a.state <> 'closed' and r.role in ('operator', 'analyst', 'chief', 'auditor', 'administrator')`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** The doors of an area for counting what each part of a split takes; null when there are more than `limit`. */
export async function doorsOf(db: Db, code: AreaCode, limit: number): Promise<Door[] | null> {
  const rows = await db
    .selectFrom('household')
    .select(['id', 'area', 'estate', 'building'])
    .where('area', '>=', code)
    .where('area', '<', upper(code))
    .limit(limit + 1)
    .execute()
  return rows.length > limit ? null : rows
}

export type ChangeRow = {
  id: string
  area: AreaCode
  areaName: string
  kind: string
  plan: ChangePlan | null
  effects: ChangeEffects | null
  onDay: Day
  state: 'proposed' | 'applied' | 'refused'
  proposedBy: string | null
  proposedByName: string | null
  decidedByName: string | null
  /** Who created the proposer's account: not one to apply it (ACCESS-6). */
  proposerCreatedBy: string | null
  proposedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
}

const STATES = ['proposed', 'applied', 'refused'] as const
const KINDS = ['split', 'merge', 'rename', 'move', 'import'] as const

type RawChange = {
  id: string
  area: string
  area_name: string | null
  kind: string
  plan: unknown
  effects: unknown
  on_day: string
  state: string
  proposed_by: string | null
  proposed_name: string | null
  decided_name: string | null
  created_by: string | null
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
}

function asChange(row: RawChange): ChangeRow {
  const plan = ChangePlan.safeParse(row.plan)
  const effects = ChangeEffects.safeParse(row.effects)
  return {
    id: row.id,
    area: row.area,
    areaName: row.area_name ?? row.area,
    kind: row.kind,
    plan: plan.success ? plan.data : null,
    effects: effects.success ? effects.data : null,
    onDay: row.on_day,
    state: STATES.find((s) => s === row.state) ?? 'refused',
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_name,
    decidedByName: row.decided_name,
    proposerCreatedBy: row.created_by,
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  }
}

export function presentChange(row: ChangeRow, mayDecide: boolean): ChangeView {
  const { proposerCreatedBy: _, kind, proposedAt, decidedAt, ...rest } = row
  return {
    ...rest,
    kind: KINDS.find((k) => k === kind) ?? 'import',
    proposedAt: proposedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    mayDecide,
  }
}

const SELECT = sql`
  select c.*, a.created_by, a.name as proposed_name, d.name as decided_name,
    (select n.name from area n where n.code = c.area order by n.valid_to desc nulls first limit 1) as area_name
  from area_change as c
  left join account as a on a.id = c.proposed_by left join account as d on d.id = c.decided_by`

/** The change inside the reader's areas, locked for deciding it. */
export async function lockChange(db: Db, id: string, scope: readonly AreaCode[]): Promise<ChangeRow | undefined> {
  const { rows } =
    await sql<RawChange>`${SELECT} where c.id = ${id} and ${inScope('c.area', scope)} for update of c`.execute(db)
  return rows[0] && asChange(rows[0])
}

export async function findChange(db: Db, id: string, scope: readonly AreaCode[]): Promise<ChangeRow | undefined> {
  const { rows } = await sql<RawChange>`${SELECT} where c.id = ${id} and ${inScope('c.area', scope)}`.execute(db)
  return rows[0] && asChange(rows[0])
}

export type ChangesQuery = {
  limit: number
  cursor?: string | undefined
  state?: string | undefined
  within?: AreaCode | undefined
}

/** Newest first. The cursor is the last row's time and id. */
export async function listChanges(
  db: Db,
  scope: readonly AreaCode[],
  q: ChangesQuery,
): Promise<{ rows: ChangeRow[]; next: string | null; total: number }> {
  const filter = [inScope('c.area', scope)]
  if (q.state !== undefined) filter.push(sql<boolean>`c.state = ${q.state}`)
  if (q.within !== undefined) filter.push(inside('c.area', [q.within]))
  const where = sql.join(filter, sql` and `)
  const counted = await sql<{ total: number }>`select count(*) as total from area_change as c where ${where}`.execute(
    db,
  )
  const [at, id] = q.cursor?.split('_') ?? []
  const after =
    at === undefined || id === undefined ? sql`` : sql`and (c.proposed_at, c.id) < (${at}::timestamptz, ${id}::uuid)`
  const { rows } =
    await sql<RawChange>`${SELECT} where ${where} ${after} order by c.proposed_at desc, c.id desc limit ${q.limit + 1}`.execute(
      db,
    )
  const items = rows.slice(0, q.limit).map(asChange)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > q.limit && last ? `${last.proposedAt.toISOString()}_${last.id}` : null,
    total: counted.rows[0]?.total ?? 0,
  }
}

export type NewChange = {
  id: string
  area: AreaCode
  kind: string
  plan: object
  effects: object | null
  onDay: Day
  state: 'proposed' | 'applied'
  by: string | null
  at: Date
}

export async function insertChange(db: Db, change: NewChange): Promise<void> {
  await db
    .insertInto('area_change')
    .values({
      id: change.id,
      area: change.area,
      kind: change.kind,
      plan: json(change.plan),
      effects: change.effects === null ? null : json(change.effects),
      on_day: change.onDay,
      state: change.state,
      proposed_by: change.by,
      proposed_at: change.at,
      decided_by: change.state === 'applied' ? change.by : null,
      decided_at: change.state === 'applied' ? change.at : null,
    })
    .execute()
}

export async function closeChange(
  db: Db,
  id: string,
  state: 'applied' | 'refused',
  by: string | null,
  at: Date,
): Promise<void> {
  await db.updateTable('area_change').set({ state, decided_by: by, decided_at: at }).where('id', '=', id).execute()
}

/** SQL of following areas: open tasks that lie where no area is any more. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'

const OPEN = sql`t.answered_at is null and t.closed_at is null`
const ENDED = sql`not exists (select from area a where a.code = t.area and a.valid_to is null)`

async function ids(db: Db, where: RawBuilder<unknown>, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from task t where ${OPEN} and ${ENDED} and t.id > ${after}::uuid and ${where} order by t.id limit ${limit}`.execute(
    db,
  )
  return rows.map((row) => row.id)
}

/** Of these people, by id after a cursor. */
export async function endedTasksOf(
  db: Db,
  persons: readonly string[],
  after: string,
  limit: number,
): Promise<string[]> {
  return ids(db, sql`t.person_id = any(${persons}::uuid[])`, after, limit)
}

export async function endedTasksInside(
  db: Db,
  tops: readonly AreaCode[],
  after: string,
  limit: number,
): Promise<string[]> {
  return ids(db, inScope('t.area', tops), after, limit)
}

/** Wherever an area has been succeeded: the codes are few, and each is asked by index. */
export async function endedTasks(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from (select distinct code from area_successor) s join task t on t.area = s.code
    where ${OPEN} and ${ENDED} and t.id > ${after}::uuid order by t.id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

export type Home = { area: AreaCode; masked: string; householdId: string | null }

/** Where people live now, by the record that stands for them. */
export async function homesOf(db: Db, persons: readonly string[]): Promise<Map<string, Home>> {
  if (persons.length === 0) return new Map()
  const { rows } = await sql<Home & { id: string }>`
    select p.person_id as id, p.home_area as area, p.masked, r.household_id as "householdId"
    from person p left join residence r on r.person_id = p.person_id and r.to_day is null
    where p.person_id = any(${persons}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, ...home }) => [id, home]))
}

/** Where the doors of tasks without a person lie. */
export async function doorAreas(db: Db, households: readonly string[]): Promise<Map<string, AreaCode>> {
  if (households.length === 0) return new Map()
  const rows = await db.selectFrom('household').select(['id', 'area']).where('id', 'in', households).execute()
  return new Map(rows.map((row) => [row.id, row.area]))
}

/** The lock goes where the task is. */
export async function moveLock(db: Db, taskId: string, personId: string, area: AreaCode): Promise<void> {
  await db
    .updateTable('open_task')
    .set({ home_area: area })
    .where('person_id', '=', personId)
    .where('task_id', '=', taskId)
    .execute()
}

/** Who has open tasks inside areas. */
export async function assigneesInside(db: Db, areas: readonly AreaCode[]): Promise<string[]> {
  const { rows } = await sql<{ assignee: string }>`
    select distinct t.assignee from task t where ${OPEN} and t.assignee is not null and ${inScope('t.area', areas)}`.execute(
    db,
  )
  return rows.map((row) => row.assignee)
}

/** SQL of the guard's numbers: those in force, their changes, and the days that they are tried on. */
import { readGuardSettings } from '@weiwang/domain/grading/guard'
import type { GuardDay, GuardHeld, GuardSettings } from '@weiwang/domain/grading/guard'
import { GuardFinding } from '@weiwang/domain/grading/api'
import type { Day } from '@weiwang/domain/core/day'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import type { DB, GradeGuardChange } from '../core/db/types.ts'

const KEY = 'grading.guard'
const Kind = GuardFinding.shape.kind
const Findings = z.array(GuardFinding).catch([])

/** What a run was stopped for; nothing where that is not known. */
export const findingsOf = (guard: unknown): GuardFinding[] => Findings.parse(guard)

const SHOWN = 20
/** Bounds the reading of a preview: two months of every county and source of the country. */
const MOST_DAYS = 400_000
const MOST_RUNS = 500

export type GuardChangeRow = Selectable<GradeGuardChange>

export async function guardSettings(db: Db): Promise<GuardSettings> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', KEY).executeTakeFirst()
  return readGuardSettings(row?.value)
}

export async function putGuardSettings(db: Db, settings: GuardSettings, now: Date): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key: KEY, value: json(settings), updated_at: now })
    .onConflict((oc) =>
      oc
        .column('key')
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), updated_at: eb.ref('excluded.updated_at') })),
    )
    .execute()
}

/** False when another proposal is waiting already. */
export async function insertGuardChange(db: Db, row: InsertObject<DB, 'grade_guard_change'>): Promise<boolean> {
  const made = await db
    .insertInto('grade_guard_change')
    .values(row)
    .onConflict((oc) => oc.column('area').where('state', '=', 'proposed').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function lockGuardChange(db: Db, id: string): Promise<GuardChangeRow | null> {
  return (
    (await db.selectFrom('grade_guard_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
  )
}

export async function updateGuardChange(
  db: Db,
  id: string,
  set: UpdateObject<DB, 'grade_guard_change'>,
): Promise<void> {
  await db.updateTable('grade_guard_change').set(set).where('id', '=', id).execute()
}

export async function newestGuardChanges(db: Db): Promise<GuardChangeRow[]> {
  return db.selectFrom('grade_guard_change').selectAll().orderBy('proposed_at', 'desc').limit(SHOWN).execute()
}

export async function guardDays(db: Db, from: Day, to: Day): Promise<GuardDay[]> {
  const rows = await db
    .selectFrom('grade_change_day')
    .select(['kind', 'key', 'day', 'n'])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .limit(MOST_DAYS)
    .execute()
  return rows.map(({ kind, ...row }) => ({ ...row, kind: Kind.parse(kind) }))
}

/** What runs were stopped for, whatever was decided afterwards. */
export async function stoppedRuns(db: Db, from: Day, to: Day): Promise<GuardHeld[]> {
  const rows = await db
    .selectFrom('grade_run')
    .select(['as_of', 'guard'])
    .where('guard', 'is not', null)
    .where('as_of', '>=', from)
    .where('as_of', '<=', to)
    .orderBy('started_at', 'desc')
    .limit(MOST_RUNS)
    .execute()
  return rows.flatMap(({ as_of, guard }) =>
    findingsOf(guard).map(({ kind, key, changes, red }) => ({
      kind,
      key,
      changes,
      day: as_of,
      ...(red ? { red: changes } : {}),
    })),
  )
}

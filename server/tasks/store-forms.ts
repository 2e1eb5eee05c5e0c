/** SQL of forms. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Form } from '../core/db/types.ts'

export type FormRow = Selectable<Form>

type NewForm = Omit<InsertObject<DB, 'form'>, 'version' | 'area' | 'purpose'> & { area: AreaCode; purpose: string }

export async function insertForm(db: Db, row: NewForm): Promise<void> {
  // Two centres' desks at once get two numbers or a retry, never one.
  await sql`select 1 from form where area = ${row.area} and purpose = ${row.purpose} for update`.execute(db)
  await db
    .insertInto('form')
    .values((eb) => ({
      ...row,
      version: eb
        .selectFrom('form')
        .select((e) => sql<number>`coalesce(max(${e.ref('form.version')}), 0) + 1`.as('next'))
        .where('form.area', '=', row.area)
        .where('form.purpose', '=', row.purpose),
    }))
    .execute()
}

export async function findForm(db: Db, id: string): Promise<FormRow | null> {
  return (await db.selectFrom('form').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function lockForm(db: Db, scope: readonly AreaCode[], id: string): Promise<FormRow | null> {
  return (
    (await db
      .selectFrom('form')
      .selectAll()
      .where('id', '=', id)
      .where(inScope('form.area', scope))
      .forUpdate()
      .executeTakeFirst()) ?? null
  )
}

export type Decided = { state: string; by: string | null; reason: string | null; now: Date }

export async function decideFormRow(db: Db, row: FormRow, decided: Decided): Promise<void> {
  if (decided.state === 'active')
    await db
      .updateTable('form')
      .set({ state: 'retired' })
      .where('area', '=', row.area)
      .where('purpose', '=', row.purpose)
      .where('state', '=', 'active')
      .execute()
  await db
    .updateTable('form')
    .set({ state: decided.state, decided_by: decided.by, decided_at: decided.now, reason: decided.reason })
    .where('id', '=', row.id)
    .execute()
}

/** The forms in force at some areas, the nearest of each purpose first. */
export async function activeForms(db: Db, areas: readonly AreaCode[]): Promise<FormRow[]> {
  if (areas.length === 0) return []
  return db
    .selectFrom('form')
    .selectAll()
    .where('state', '=', 'active')
    .where('area', 'in', [...areas])
    .orderBy(sql`length(area)`, 'desc')
    .orderBy('purpose')
    .execute()
}

export type FormFilter = {
  areas: readonly AreaCode[]
  purpose?: string | undefined
  state?: string | undefined
  limit: number
  before: { at: Date; id: string } | null
}

export async function listFormRows(db: Db, filter: FormFilter): Promise<{ rows: FormRow[]; total: number }> {
  let base = db.selectFrom('form').where(inScope('form.area', filter.areas))
  if (filter.purpose !== undefined) base = base.where('purpose', '=', filter.purpose)
  if (filter.state !== undefined) base = base.where('state', '=', filter.state)
  const { total } = await base.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
  let page = base.selectAll()
  if (filter.before !== null)
    page = page.where(sql<boolean>`(form.made_at, form.id) < (${filter.before.at}, ${filter.before.id}::uuid)`)
  return {
    rows: await page
      .orderBy('made_at', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit + 1)
      .execute(),
    total,
  }
}

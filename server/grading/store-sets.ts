import type { AreaCode } from '@weiwang/domain/areas/code'
import { upper } from '@weiwang/domain/areas/code'
import type { RuleSetDocument, Rules } from '@weiwang/domain/grading/rule-set'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import type { RuleSetRow } from './store.ts'

/** Rule sets of the areas that hold the reader's and of those inside them: they are no secret, and a centre is judged by those above. */
function inLine(areas: readonly AreaCode[]): RawBuilder<boolean> {
  if (areas.includes('')) return sql<boolean>`true`
  if (areas.length === 0) return sql<boolean>`false`
  const parts = areas.map((area) => sql`((area >= ${area} and area < ${upper(area)}) or starts_with(${area}, area))`)
  return sql<boolean>`(${sql.join(parts, sql` or `)})`
}

export type ListSets = {
  areas: readonly AreaCode[]
  state?: string | undefined
  code?: string | undefined
  after: { at: string; id: string } | null
  limit: number
}

export async function listSets(
  db: Db,
  { areas, state, code, after, limit }: ListSets,
): Promise<{ rows: RuleSetRow[]; total: number }> {
  const base = db
    .selectFrom('rule_set')
    .where(inLine(areas))
    .$if(state !== undefined, (q) => q.where('state', '=', state ?? ''))
    .$if(code !== undefined, (q) => q.where('code', '=', code ?? ''))
  const count = await base.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst()
  const rows = await base
    .selectAll()
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(created_at, id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return { rows, total: count?.n ?? 0 }
}

export async function findSetInLine(db: Db, areas: readonly AreaCode[], id: string): Promise<RuleSetRow | undefined> {
  return db.selectFrom('rule_set').selectAll().where('id', '=', id).where(inLine(areas)).executeTakeFirst()
}

export async function lockSet(db: Db, areas: readonly AreaCode[], id: string): Promise<RuleSetRow | undefined> {
  return db.selectFrom('rule_set').selectAll().where('id', '=', id).where(inLine(areas)).forUpdate().executeTakeFirst()
}

export async function lastVersion(db: Db, code: string): Promise<{ version: number; area: string } | undefined> {
  return db
    .selectFrom('rule_set')
    .select(['version', 'area'])
    .where('code', '=', code)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function insertSet(
  db: Db,
  set: { id: string; version: number; document: RuleSetDocument; by: string | null; now: Date },
): Promise<void> {
  const { document } = set
  const rules: Rules = {
    rules: document.rules,
    ...(document.otherwise ? { otherwise: document.otherwise } : {}),
    ...(document.unsettled ? { unsettled: document.unsettled } : {}),
  }
  await db
    .insertInto('rule_set')
    .values({
      id: set.id,
      code: document.code,
      version: set.version,
      area: document.area,
      name: json(document.name),
      about: json(document.about),
      rules: json(rules),
      state: 'draft',
      created_by: set.by,
      created_at: set.now,
    })
    .execute()
}

export type SetChange = {
  state: 'draft' | 'proposed' | 'active' | 'retired'
  proposedBy?: string | null
  byCreatedBy?: string | null
  approvedBy?: string | null
  activatedAt?: Date
  retiredAt?: Date
}

export async function changeSet(db: Db, id: string, change: SetChange): Promise<void> {
  await db
    .updateTable('rule_set')
    .set({
      state: change.state,
      ...(change.proposedBy === undefined ? {} : { proposed_by: change.proposedBy }),
      ...(change.byCreatedBy === undefined ? {} : { by_created_by: change.byCreatedBy }),
      ...(change.approvedBy === undefined ? {} : { approved_by: change.approvedBy }),
      ...(change.activatedAt === undefined ? {} : { activated_at: change.activatedAt }),
      ...(change.retiredAt === undefined ? {} : { retired_at: change.retiredAt }),
    })
    .where('id', '=', id)
    .execute()
}

/** The rule set in force of exactly this area. */
export async function lockActiveOf(db: Db, area: AreaCode): Promise<RuleSetRow | undefined> {
  return db
    .selectFrom('rule_set')
    .selectAll()
    .where('area', '=', area)
    .where('state', '=', 'active')
    .forUpdate()
    .executeTakeFirst()
}

export async function newestPreview(db: Db, ruleSetId: string): Promise<string | null> {
  const row = await db
    .selectFrom('grade_run')
    .select('id')
    .where('rule_set_id', '=', ruleSetId)
    .where('kind', '=', 'preview')
    .where('state', '=', 'done')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function feedNames(db: Db, ids: readonly string[]): Promise<Map<string, { zh: string; en: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('feed').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

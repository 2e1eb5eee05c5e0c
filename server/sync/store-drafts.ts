/** SQL of half-written forms. */
import type { Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { Draft } from '../core/db/types.ts'

export type DraftRecord = Selectable<Draft>

/** False when a later one is there. */
export async function putDraft(db: Db, row: DraftRecord): Promise<boolean> {
  const done = await db
    .insertInto('draft')
    .values(row)
    .onConflict((oc) =>
      oc
        .columns(['account_id', 'form', 'version', 'subject'])
        .doUpdateSet((eb) => ({
          emergency_id: eb.ref('excluded.emergency_id'),
          content_sealed: eb.ref('excluded.content_sealed'),
          saved_at: eb.ref('excluded.saved_at'),
          recorded_at: eb.ref('excluded.recorded_at'),
        }))
        .whereRef('draft.saved_at', '<=', 'excluded.saved_at'),
    )
    .returning('form')
    .executeTakeFirst()
  return done !== undefined
}

export async function draftsOf(db: Db, accountId: string, limit: number): Promise<DraftRecord[]> {
  return db
    .selectFrom('draft')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('content_sealed', 'is not', null)
    .orderBy('saved_at', 'desc')
    .limit(limit)
    .execute()
}

/** Of these visits, those that the server has. */
export async function filedOf(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('visit').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map((row) => row.id))
}

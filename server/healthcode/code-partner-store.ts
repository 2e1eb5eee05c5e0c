/** SQL of other places that may ask for verdicts. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { CodePartner } from '../core/db/types.ts'

/** More than any place needs; the list is not paged. */
const MOST = 500

export async function listPartners(db: Db, scope: readonly AreaCode[]): Promise<Selectable<CodePartner>[]> {
  return db
    .selectFrom('code_partner')
    .selectAll()
    .where(inScope('code_partner.area', scope))
    .orderBy('area')
    .orderBy('id')
    .limit(MOST)
    .execute()
}

export async function findPartner(db: Db, keyHash: Buffer, today: Day): Promise<{ id: string; area: string } | null> {
  const row = await db
    .selectFrom('code_partner')
    .select(['id', 'area'])
    .where('key_hash', '=', keyHash)
    .where('ended_at', 'is', null)
    .where('until_day', '>=', today)
    .executeTakeFirst()
  return row ?? null
}

export async function insertPartner(
  db: Db,
  of: {
    id: string
    area: AreaCode
    name: string
    purpose: string
    keyHash: Buffer
    until: Day
    by: string | null
    now: Date
  },
): Promise<Selectable<CodePartner>> {
  return db
    .insertInto('code_partner')
    .values({
      id: of.id,
      area: of.area,
      name: of.name,
      purpose: of.purpose,
      key_hash: of.keyHash,
      until_day: of.until,
      made_by: of.by,
      made_at: of.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function endPartner(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('code_partner')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

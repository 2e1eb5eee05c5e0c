/** SQL of other places that may ask for verdicts, and of how many they were given. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { CodePartner, DB } from '../core/db/types.ts'

export type PartnerRow = Selectable<CodePartner>
/** More than any place needs; the list is not paged. */
const MOST = 500

export async function listPartners(db: Db, scope: readonly AreaCode[]): Promise<PartnerRow[]> {
  return db
    .selectFrom('code_partner')
    .selectAll()
    .where(inScope('code_partner.area', scope))
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .limit(MOST)
    .execute()
}

export async function lockPartner(db: Db, scope: readonly AreaCode[], id: string): Promise<PartnerRow | null> {
  const row = await db
    .selectFrom('code_partner')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('code_partner.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
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

export async function insertPartner(db: Db, row: InsertObject<DB, 'code_partner'>): Promise<PartnerRow> {
  return db.insertInto('code_partner').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function setPartner(
  db: Db,
  id: string,
  set: Partial<
    Pick<
      PartnerRow,
      'key_hash' | 'decided_by_name' | 'decided_at' | 'refused' | 'ended_at' | 'ended_by_name' | 'end_reason'
    >
  >,
): Promise<PartnerRow> {
  return db.updateTable('code_partner').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

export type Verdicts = { colour: number; byHand: number; refused: number }
export type PartnerDay = Verdicts & { partnerId: string; area: string; day: Day }

/** Adds to what stands there. */
export async function addVerdicts(db: Db, days: readonly PartnerDay[]): Promise<void> {
  if (days.length === 0) return
  await db
    .insertInto('code_partner_day')
    .values(
      days.map((one) => ({
        partner_id: one.partnerId,
        day: one.day,
        area: one.area,
        colour: one.colour,
        by_hand: one.byHand,
        refused: one.refused,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['partner_id', 'day']).doUpdateSet((eb) => ({
        colour: sql<number>`code_partner_day.colour + ${eb.ref('excluded.colour')}`,
        by_hand: sql<number>`code_partner_day.by_hand + ${eb.ref('excluded.by_hand')}`,
        refused: sql<number>`code_partner_day.refused + ${eb.ref('excluded.refused')}`,
      })),
    )
    .execute()
}

export async function verdictsOf(
  db: Db,
  ids: readonly string[],
  from: Day,
): Promise<(Verdicts & { partnerId: string; day: Day })[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Verdicts & { partnerId: string; day: Day }>`
    select partner_id as "partnerId", day, colour, by_hand as "byHand", refused from code_partner_day
    where partner_id = any(${[...ids]}::uuid[]) and day >= ${from}::date order by day desc`.execute(db)
  return rows
}

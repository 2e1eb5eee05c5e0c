/** SQL of who must and who may: versions of an area, the nearest one around that is in force. */
import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { RegistrationPolicy, shippedPolicy } from '@weiwang/domain/healthcode/reg-policy'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { DB, RegistrationPolicy as PolicyTable } from '../core/db/types.ts'

export type PolicyRow = Selectable<PolicyTable>

function around(area: AreaCode): AreaCode[] {
  return area === '' ? [] : pathOf(area)
}

/** What holds for an area: of the areas around it the nearest with a policy in force, else what is delivered. */
export async function policyRowFor(db: Db, area: AreaCode): Promise<PolicyRow | null> {
  const row = await db
    .selectFrom('registration_policy')
    .selectAll()
    .where('state', '=', 'in_force')
    .where('area', 'in', [...around(area), ''])
    .orderBy(sql`length(area)`, 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function policyFor(db: Db, area: AreaCode): Promise<RegistrationPolicy> {
  const row = await policyRowFor(db, area)
  return row === null ? shippedPolicy(area) : RegistrationPolicy.catch(shippedPolicy(area)).parse(row.policy)
}

export async function policiesAround(db: Db, area: AreaCode): Promise<PolicyRow[]> {
  return db
    .selectFrom('registration_policy')
    .selectAll()
    .where('area', 'in', [...around(area), ''])
    .orderBy('proposed_at', 'desc')
    .limit(50)
    .execute()
}

export async function nextPolicyVersion(db: Db, area: AreaCode): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('registration_policy/' || ${area}::text, 0))`.execute(db)
  const { n } = await db
    .selectFrom('registration_policy')
    .select(sql<number>`coalesce(max(version), 0) + 1`.as('n'))
    .where('area', '=', area)
    .executeTakeFirstOrThrow()
  return n
}

export async function insertPolicy(db: Db, row: InsertObject<DB, 'registration_policy'>): Promise<void> {
  await db.insertInto('registration_policy').values(row).execute()
}

export async function lockPolicy(db: Db, id: string): Promise<PolicyRow | null> {
  const row = await db.selectFrom('registration_policy').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export async function replacePolicy(db: Db, area: AreaCode): Promise<void> {
  await db
    .updateTable('registration_policy')
    .set({ state: 'replaced' })
    .where('area', '=', area)
    .where('state', '=', 'in_force')
    .execute()
}

export async function updatePolicy(db: Db, id: string, set: UpdateObject<DB, 'registration_policy'>): Promise<void> {
  await db.updateTable('registration_policy').set(set).where('id', '=', id).execute()
}

/** SQL of registration: who registered, what was declared, what is looked at by hand, drafts. Written by this room alone. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { DB, Declaration, Registration, RegistrationHeld } from '../core/db/types.ts'

export type RegistrationRow = Selectable<Registration>
export type DeclarationRow = Selectable<Declaration>
export type HeldRow = Selectable<RegistrationHeld>

export async function findRegistration(db: Db, personId: string): Promise<RegistrationRow | null> {
  const row = await db.selectFrom('registration').selectAll().where('person_id', '=', personId).executeTakeFirst()
  return row ?? null
}

export async function registrationsOf(db: Db, persons: readonly string[]): Promise<Map<string, RegistrationRow>> {
  if (persons.length === 0) return new Map()
  const rows = await db
    .selectFrom('registration')
    .selectAll()
    .where('person_id', 'in', [...persons])
    .execute()
  return new Map(rows.map((row) => [row.person_id, row]))
}

/** The row is locked by being written: one person's declarations follow each other. */
export async function putRegistration(db: Db, row: InsertObject<DB, 'registration'>): Promise<RegistrationRow> {
  return db
    .insertInto('registration')
    .values(row)
    .onConflict((oc) =>
      oc.column('person_id').doUpdateSet((eb) => ({
        home_area: eb.ref('excluded.home_area'),
        emergency_id: eb.ref('excluded.emergency_id'),
        account_id: sql`coalesce(excluded.account_id, registration.account_id)`,
        need: eb.ref('excluded.need'),
        situation: eb.ref('excluded.situation'),
        registered_here: eb.ref('excluded.registered_here'),
        purpose: eb.ref('excluded.purpose'),
        by: eb.ref('excluded.by'),
        by_account: eb.ref('excluded.by_account'),
        home_sealed: eb.ref('excluded.home_sealed'),
        address_differs: eb.ref('excluded.address_differs'),
        declared_at: eb.ref('excluded.declared_at'),
        erased_at: eb.ref('excluded.erased_at'),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function lockRegistration(db: Db, personId: string): Promise<RegistrationRow | null> {
  const row = await db
    .selectFrom('registration')
    .selectAll()
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function countDeclared(
  db: Db,
  of: {
    personId: string
    n: number
    at: Date
    need: string
    situation: string
    registeredHere: boolean
    purpose: string
  },
): Promise<void> {
  await db
    .updateTable('registration')
    .set({
      declarations: of.n,
      declared_at: of.at,
      need: of.need,
      situation: of.situation,
      registered_here: of.registeredHere,
      purpose: of.purpose,
    })
    .where('person_id', '=', of.personId)
    .execute()
}

export async function setHome(db: Db, of: { personId: string; sealed: Buffer; differs: boolean }): Promise<void> {
  await db
    .updateTable('registration')
    .set({ home_sealed: of.sealed, address_differs: of.differs })
    .where('person_id', '=', of.personId)
    .execute()
}

/** The area column goes with the person's home, which is what scope and row security go by. */
export async function followHomes(db: Db, persons: readonly string[]): Promise<string[]> {
  if (persons.length === 0) return []
  const ids = sql`any(${[...persons]}::uuid[])`
  // Whoever waits here reads the home after the wait: of two moves the later one is what counts, whichever is followed last.
  await sql`select 1 from registration where person_id = ${ids} order by person_id for no key update`.execute(db)
  const { rows } = await sql<{ person_id: string }>`
    update registration t set home_area = p.home_area from person p
    where t.person_id = ${ids} and p.person_id = t.person_id and t.home_area <> p.home_area returning t.person_id`.execute(
    db,
  )
  await sql`update declaration t set home_area = p.home_area from person p
    where t.person_id = ${ids} and p.person_id = t.person_id and t.home_area <> p.home_area`.execute(db)
  await sql`update registration_change t set home_area = p.home_area from person p
    where t.person_id = ${ids} and p.person_id = t.person_id and t.home_area <> p.home_area`.execute(db)
  return rows.map((row) => row.person_id)
}

// ---- Declarations ---------------------------------------------------------------------------------------------------------------

export async function findDeclaration(db: Db, personId: string, id: string): Promise<DeclarationRow | null> {
  const row = await db
    .selectFrom('declaration')
    .selectAll()
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** What is said now. */
export async function currentDeclaration(db: Db, personId: string): Promise<DeclarationRow | null> {
  const row = await db
    .selectFrom('declaration')
    .selectAll()
    .where('person_id', '=', personId)
    .where('superseded_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function supersede(db: Db, personId: string, id: string, now: Date): Promise<void> {
  await db
    .updateTable('declaration')
    .set({ superseded_at: now })
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .execute()
}

export async function insertDeclaration(db: Db, row: InsertObject<DB, 'declaration'>): Promise<void> {
  await db.insertInto('declaration').values(row).execute()
}

export async function declarationsOf(
  db: Db,
  personId: string,
  limit: number,
): Promise<{ rows: DeclarationRow[]; total: number }> {
  const rows = await db
    .selectFrom('declaration')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
  const { total } = await db
    .selectFrom('declaration')
    .select(sql<number>`count(*)`.as('total'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  return { rows, total }
}

/** Empties what was said before the present declaration; the row stays as a count without content. Returns how many. */
export async function eraseDeclarations(db: Db, of: { personId: string; all: boolean; now: Date }): Promise<number> {
  const which = of.all ? sql<boolean>`true` : sql<boolean>`superseded_at is not null`
  const { rows } = await sql<{ id: string }>`
    update declaration set answers = '{}'::jsonb, body_sealed = null, erased_at = ${of.now}::timestamptz,
      superseded_at = coalesce(superseded_at, ${of.now}::timestamptz)
    where person_id = ${of.personId}::uuid and erased_at is null and ${which} returning id`.execute(db)
  return rows.length
}

export async function eraseRegistration(db: Db, personId: string, now: Date): Promise<void> {
  await sql`update registration set home_sealed = null, erased_at = ${now}::timestamptz, purpose = 'other'
    where person_id = ${personId}::uuid`.execute(db)
}

// ---- Corrections ------------------------------------------------------------------------------------------------------------------

export type ChangeRow = {
  person_id: string
  id: string
  home_area: string
  emergency_id: string
  field: string
  outcome: 'changed' | 'checked'
  from_sealed: Buffer | null
  to_sealed: Buffer | null
  by_account: string | null
  at: Date
}

export async function insertChanges(db: Db, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length > 0)
    await db
      .insertInto('registration_change')
      .values([...rows])
      .execute()
}

// ---- Looked at by hand -------------------------------------------------------------------------------------------------------------

export async function insertHeld(db: Db, row: InsertObject<DB, 'registration_held'>): Promise<void> {
  await db.insertInto('registration_held').values(row).execute()
}

export async function findHeld(db: Db, id: string): Promise<HeldRow | null> {
  const row = await db.selectFrom('registration_held').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function lockHeld(db: Db, id: string): Promise<HeldRow | null> {
  const row = await db.selectFrom('registration_held').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export async function openHeldOf(db: Db, accountId: string): Promise<HeldRow[]> {
  return db
    .selectFrom('registration_held')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .orderBy('at')
    .limit(50)
    .execute()
}

export async function decideHeldRow(
  db: Db,
  id: string,
  of: { state: string; by: string | null; at: Date; reason: Buffer | null },
): Promise<void> {
  await db
    .updateTable('registration_held')
    .set({ state: of.state, decided_by: of.by, decided_at: of.at, reason_sealed: of.reason, body_sealed: null })
    .where('id', '=', id)
    .execute()
}

/** How many registrations this account has sent in since a moment, held ones included. */
export async function sentSince(db: Db, accountId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select (select count(*) from registration_held where account_id = ${accountId}::uuid and at >= ${since})
      + (select count(*) from registration where account_id = ${accountId}::uuid and registered_at >= ${since}) as n`.execute(
    db,
  )
  return Number(rows[0]?.n ?? 0)
}

// ---- Drafts -------------------------------------------------------------------------------------------------------------------------

export async function putDraft(
  db: Db,
  row: { accountId: string; subject: string; emergencyId: string; sealed: Buffer; at: Date },
): Promise<void> {
  await sql`insert into registration_draft (account_id, subject, emergency_id, sealed, at)
    values (${row.accountId}::uuid, ${row.subject}, ${row.emergencyId}::uuid, ${row.sealed}, ${row.at}::timestamptz)
    on conflict (account_id, subject) do update set emergency_id = excluded.emergency_id, sealed = excluded.sealed, at = excluded.at`.execute(
    db,
  )
}

export async function dropDraft(db: Db, accountId: string, subject: string | null): Promise<number> {
  const which = subject === null ? sql<boolean>`true` : sql<boolean>`subject = ${subject}`
  const { rows } = await sql<{ subject: string }>`
    delete from registration_draft where account_id = ${accountId}::uuid and ${which} returning subject`.execute(db)
  return rows.length
}

export async function draftsOf(
  db: Db,
  accountId: string,
  since: Date,
): Promise<{ subject: string; sealed: Buffer; at: Date }[]> {
  return db
    .selectFrom('registration_draft')
    .select(['subject', 'sealed', 'at'])
    .where('account_id', '=', accountId)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .execute()
}

// ---- What other rooms know, read only -------------------------------------------------------------------------------------------------

/** Whether somebody is under observation now: then a new address does not move them by their own word. */
export async function isObserved(db: Db, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('open_observation')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row !== undefined
}

/** Where somebody lives by the open residence, and whether a register or a worker has said so. */
export async function residenceNow(
  db: Db,
  personId: string,
): Promise<{ area: AreaCode; placed: boolean; from_day: Day } | null> {
  const row = await db
    .selectFrom('residence')
    .select(['area', 'placed', 'from_day'])
    .where('person_id', '=', personId)
    .where('to_day', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Which of these codes are areas in force. */
export async function knownAreas(db: Db, codes: readonly string[]): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  const rows = await db
    .selectFrom('area')
    .select('code')
    .where('code', 'in', [...new Set(codes)])
    .where('valid_to', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.code))
}

export async function accountLang(db: Db, accountId: string): Promise<'zh' | 'en'> {
  const row = await db.selectFrom('account').select('lang').where('id', '=', accountId).executeTakeFirst()
  return row?.lang === 'en' ? 'en' : 'zh'
}

/** What lists show of a person. */
export async function personHead(
  db: Db,
  personId: string,
): Promise<{ masked: string; sex: number; doc_kind: string; home_area: string }> {
  return db
    .selectFrom('person')
    .select(['masked', 'sex', 'doc_kind', 'home_area'])
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
}

export async function personHeads(
  db: Db,
  persons: readonly string[],
): Promise<Map<string, { masked: string; home_area: string }>> {
  if (persons.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['person_id', 'masked', 'home_area'])
    .where('person_id', 'in', [...persons])
    .execute()
  return new Map(rows.map(({ person_id, ...head }) => [person_id, head]))
}

/** SQL of changes from phones: one person or door locked, its fields written, what a phone's own ids became. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Position } from '@weiwang/domain/people/change'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import type { NameChange } from './store-review.ts'

// ---- Ids made on phones -------------------------------------------------------------------------------------------------------

/** The records that these ids of phones became; others are themselves. */
export async function madePersons(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person_made').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.person_id]))
}

export async function addMadePersons(db: Db, made: readonly { id: string; personId: string }[]): Promise<void> {
  if (made.length === 0) return
  await db
    .insertInto('person_made')
    .values(made.map(({ id, personId }) => ({ id, person_id: personId })))
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

export async function madeHousehold(db: Db, id: string): Promise<string | null> {
  const row = await db.selectFrom('household_made').select('household_id').where('id', '=', id).executeTakeFirst()
  return row?.household_id ?? null
}

export async function addMadeHousehold(db: Db, id: string, householdId: string): Promise<void> {
  await db
    .insertInto('household_made')
    .values({ id, household_id: householdId })
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

// ---- Fields of a person ---------------------------------------------------------------------------------------------------------

export type PersonFieldsRow = {
  person_id: string
  home_area: string
  emergency_id: string
  doc_kind: string
  sex: number
  version: number
  edits: unknown
  name_sealed: Buffer | null
  phone_sealed: Buffer | null
  birth_sealed: Buffer | null
  doc_sealed: Buffer | null
}

/**
 * Waits for whoever changes, moves or merges the same person, and reads in a statement of its own what is there then: after a wait
 * PostgreSQL looks anew only at the rows that are locked, and what is sealed beside them would be from before (SYNC-19).
 */
export async function lockPersonFields(db: Db, id: string): Promise<PersonFieldsRow | null> {
  await sql`select 1 from person where person_id = ${id}::uuid for no key update`.execute(db)
  const { rows } = await sql<PersonFieldsRow>`
    select p.person_id, p.home_area, p.emergency_id, p.doc_kind, p.sex, p.version, p.edits, p.name_sealed,
      i.phone_sealed, i.birth_sealed, i.doc_sealed
    from person p left join identity i on i.person_id = p.person_id
    where p.person_id = ${id}::uuid`.execute(db)
  return rows[0] ?? null
}

export type PersonWrite = {
  name?: Omit<NameChange, 'personId'>
  phone?: { sealed: Buffer | null; hash: Buffer | null; last4: Buffer | null }
  birth?: { sealed: Buffer | null; hash: Buffer | null; year: Buffer | null; precision: number }
  sex?: number
}

export async function writePerson(
  db: Db,
  id: string,
  write: PersonWrite,
  more: { edits: object; keyId: string; now: Date },
): Promise<void> {
  const { name, phone, birth, sex } = write
  await db
    .updateTable('person')
    .set({
      ...(name && {
        masked: name.masked,
        name_sealed: name.sealed,
        name_hash: name.nameHash,
        pinyin_hash: name.pinyinHash,
        initials_hash: name.initialsHash,
      }),
      ...(phone && { phone_hash: phone.hash, phone4_hash: phone.last4 }),
      ...(birth && { birth_hash: birth.hash, birth_year_hash: birth.year, birth_precision: birth.precision }),
      ...(sex !== undefined && { sex }),
      edits: sql`edits || ${json(more.edits)}`,
      updated_at: more.now,
      version: sql<number>`version + 1`,
    })
    .where('person_id', '=', id)
    .execute()
  if (phone === undefined && birth === undefined) return
  const learned = phone?.hash ?? null
  await sql`
    update identity set
      phone_sealed = ${phone === undefined ? sql`phone_sealed` : sql`${phone.sealed}`},
      birth_sealed = ${birth === undefined ? sql`birth_sealed` : sql`${birth.sealed}`},
      -- Told once is known: a feed that says the former telephone again changes nothing.
      known = (known || array_remove(array[${learned}::bytea], null))[greatest(1, cardinality(known) - 18):],
      key_id = ${more.keyId}::uuid, updated_at = ${more.now}::timestamptz
    where person_id = ${id}::uuid`.execute(db)
}

// ---- Fields of a door -----------------------------------------------------------------------------------------------------------

export type DoorRow = {
  county: string
  id: string
  area: string
  emergency_id: string
  kind: string
  use: string
  estate: string | null
  building: string | null
  door: string | null
  hazards: string[]
  lat: number | null
  lng: number | null
  accuracy: number | null
  position_by: string | null
  version: number
  edits: unknown
}

export async function lockDoorFields(db: Db, id: string): Promise<DoorRow | null> {
  const { rows } = await sql<DoorRow>`
    select county, id, area, emergency_id, kind, use, estate, building, door, hazards, lat, lng, accuracy, position_by, version, edits
    from household where id = ${id}::uuid for no key update`.execute(db)
  return rows[0] ?? null
}

export type DoorWrite = {
  kind?: string
  use?: string
  estate?: string | null
  building?: string | null
  door?: string | null
  hazards?: string[]
  position?: Position | null
}

export async function writeDoor(
  db: Db,
  at: { county: string; id: string },
  write: DoorWrite,
  more: { edits: object; now: Date },
): Promise<void> {
  const { position, ...plain } = write
  await db
    .updateTable('household')
    .set({
      ...plain,
      ...(position !== undefined && {
        lat: position?.lat ?? null,
        lng: position?.lng ?? null,
        accuracy: position?.accuracy ?? null,
        position_by: position === null ? null : 'hand',
      }),
      edits: sql`edits || ${json(more.edits)}`,
      updated_at: more.now,
      version: sql<number>`version + 1`,
    })
    .where('county', '=', at.county)
    .where('id', '=', at.id)
    .execute()
}

/** True when it was taken: none was known, or a coarser one that nobody had set by hand. */
export async function takePosition(
  db: Db,
  at: { county: string; id: string },
  p: Position,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update household set lat = ${p.lat}, lng = ${p.lng}, accuracy = ${p.accuracy}, position_by = 'visit',
      updated_at = ${now}::timestamptz, version = version + 1
    where county = ${at.county} and id = ${at.id}::uuid
      and (accuracy is null or accuracy > ${p.accuracy}) and position_by is distinct from 'hand'
    returning id`.execute(db)
  return rows.length > 0
}

/** What is open about a thing goes where the thing goes: it never stands in nobody's queue (case 42). Where a door stands is asked of the centre of both places. */
export async function moveConflicts(db: Db, moves: readonly { id: string; area: AreaCode }[]): Promise<void> {
  if (moves.length === 0) return
  await sql`
    update field_conflict c set area = u.area
    from unnest(${moves.map((m) => m.id)}::uuid[], ${moves.map((m) => m.area)}::text[]) as u (id, area)
    where c.thing_id = u.id and c.area <> u.area and c.field <> 'area'`.execute(db)
}

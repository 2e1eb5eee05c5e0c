/** SQL of carrying persons and households over to a later emergency. */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'

/** Where a sealed text lies; `row` is what it is bound to. */
export type SealedColumn = {
  table:
    | 'person'
    | 'identity'
    | 'residence'
    | 'unresolved'
    | 'address_pending'
    | 'person_review'
    | 'household'
    | 'field_conflict'
  row: string
  column: string
  sealed: Buffer
}

/** The column by which the row that a text is bound to is found. */
const KEY: Record<SealedColumn['table'], string> = {
  person: 'person_id',
  identity: 'person_id',
  unresolved: 'person_id',
  address_pending: 'person_id',
  residence: 'id',
  person_review: 'id',
  household: 'id',
  field_conflict: 'id',
}

/** Of another emergency that is over, while the later one is open. */
const outlived = (emergencyId: string): RawBuilder<boolean> => sql<boolean>`x.emergency_id <> ${emergencyId}::uuid
  and exists (select from emergency e where e.id = x.emergency_id and e.state <> 'open')
  and exists (select from emergency e where e.id = ${emergencyId}::uuid and e.state = 'open')`

export async function outlivedPersons(db: Db, emergencyId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ person_id: string }>`
    select person_id from person x where person_id = any(${ids}::uuid[]) and ${outlived(emergencyId)}
    order by person_id for no key update`.execute(db)
  return rows.map((row) => row.person_id)
}

export async function outlivedHouseholds(
  db: Db,
  emergencyId: string,
  ids: readonly string[],
): Promise<{ id: string; sealed: Buffer | null }[]> {
  const { rows } = await sql<{ id: string; sealed: Buffer | null }>`
    select id, address_sealed as sealed from household x where id = any(${ids}::uuid[]) and ${outlived(emergencyId)}
    order by county, id for no key update`.execute(db)
  return rows
}

/** What is open about these persons or doors, which goes with them. */
const conflictTexts = (ids: readonly string[]): RawBuilder<unknown> => sql`
  select 'field_conflict', c.id, v.col, v.sealed from field_conflict c
    cross join lateral (values ('from_sealed', c.from_sealed), ('to_sealed', c.to_sealed), ('note_sealed', c.note_sealed)) as v (col, sealed)
    where c.thing_id = any(${ids}::uuid[]) and c.state = 'open'`

export async function sealedConflicts(db: Db, ids: readonly string[]): Promise<SealedColumn[]> {
  const { rows } = await sql<SealedColumn>`
    select * from (${conflictTexts(ids)}) s ("table", "row", "column", sealed) where sealed is not null`.execute(db)
  return rows
}

/** Every sealed text about these persons in this room. */
export async function sealedOf(db: Db, ids: readonly string[]): Promise<SealedColumn[]> {
  const { rows } = await sql<SealedColumn>`
    select * from (
      select 'person' as table, person_id as row, 'name_sealed' as column, name_sealed as sealed from person where person_id = any(${ids}::uuid[])
      union all
      select 'identity', i.person_id, v.col, v.sealed from identity i
        cross join lateral (values ('doc_sealed', i.doc_sealed), ('phone_sealed', i.phone_sealed), ('birth_sealed', i.birth_sealed)) as v (col, sealed)
        where i.person_id = any(${ids}::uuid[])
      union all
      select 'residence', id, 'address_sealed', address_sealed from residence where person_id = any(${ids}::uuid[])
      union all
      select 'unresolved', person_id, 'address_sealed', address_sealed from unresolved where person_id = any(${ids}::uuid[])
      union all
      select 'address_pending', person_id, 'address_sealed', address_sealed from address_pending where person_id = any(${ids}::uuid[])
      union all
      select 'person_review', id, 'detail_sealed', detail_sealed from person_review where person_id = any(${ids}::uuid[]) and state = 'open'
      union all
      ${conflictTexts(ids)}
    ) s where sealed is not null`.execute(db)
  return rows
}

/** One statement for each kind of text. */
export async function replaceSealed(db: Db, cells: readonly SealedColumn[]): Promise<void> {
  const kinds = new Map<string, SealedColumn[]>()
  for (const cell of cells) {
    const kind = `${cell.table}.${cell.column}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), cell])
  }
  for (const group of kinds.values()) {
    const [first] = group
    if (!first) continue
    const { table, column } = first
    await sql`
      update ${sql.table(table)} t set ${sql.ref(column)} = u.sealed
      from unnest(${group.map((x) => x.row)}::uuid[], ${group.map((x) => x.sealed)}::bytea[]) as u (id, sealed)
      where ${sql.ref(`t.${KEY[table]}`)} = u.id`.execute(db)
  }
}

export async function movePersons(
  db: Db,
  ids: readonly string[],
  to: { emergencyId: string; keyId: string; now: Date },
): Promise<void> {
  await sql`
    update person set emergency_id = ${to.emergencyId}::uuid, updated_at = ${to.now}::timestamptz, version = version + 1
    where person_id = any(${ids}::uuid[])`.execute(db)
  await sql`update identity set key_id = ${to.keyId}::uuid where person_id = any(${ids}::uuid[])`.execute(db)
  await sql`update address_pending set emergency_id = ${to.emergencyId}::uuid where person_id = any(${ids}::uuid[])`.execute(
    db,
  )
  await moveOpenConflicts(db, ids, to.emergencyId)
}

async function moveOpenConflicts(db: Db, ids: readonly string[], emergencyId: string): Promise<void> {
  await sql`
    update field_conflict set emergency_id = ${emergencyId}::uuid where thing_id = any(${ids}::uuid[]) and state = 'open'`.execute(
    db,
  )
}

export async function moveHouseholds(db: Db, ids: readonly string[], emergencyId: string, now: Date): Promise<void> {
  await sql`
    update household set emergency_id = ${emergencyId}::uuid, updated_at = ${now}::timestamptz, version = version + 1
    where id = any(${ids}::uuid[])`.execute(db)
  await moveOpenConflicts(db, ids, emergencyId)
}

/** SQL of registration: few statements for a thousand rows, arrays in, rows out. Rows are sent in the order of their ids, so that two imports wait for each other and not in a ring. */
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export async function findPersonKeys(db: Db, hashes: readonly Buffer[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ key_hash: Buffer; person_id: string }>`
    select key_hash, person_id from person_key where key_hash = any(${hashes}::bytea[])`.execute(db)
  return new Map(rows.map((row) => [row.key_hash.toString('hex'), row.person_id]))
}

/** A key that somebody else wrote meanwhile stays theirs. */
export async function addPersonKeys(db: Db, keys: readonly { hash: Buffer; personId: string }[]): Promise<void> {
  if (keys.length === 0) return
  const sorted = keys.toSorted((a, b) => Buffer.compare(a.hash, b.hash))
  await sql`
    insert into person_key (key_hash, person_id)
    select * from unnest(${sorted.map((k) => k.hash)}::bytea[], ${sorted.map((k) => k.personId)}::uuid[])
    on conflict (key_hash) do nothing`.execute(db)
}

/** One transaction at a time about each of these ids, in their order. */
export async function lockIds(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest(${ids.toSorted()}::text[]) as u (id)`.execute(
    db,
  )
}

export type StoredPerson = {
  person_id: string
  home_area: string
  emergency_id: string
  masked: string
  name_sealed: Buffer | null
  name_hash: Buffer | null
  phone_hash: Buffer | null
  birth_hash: Buffer | null
  birth_precision: number
  doc_kind: string
  sex: number
  known: Buffer[] | null
  doc_sealed: boolean
}

export async function findStored(db: Db, ids: readonly string[]): Promise<Map<string, StoredPerson>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<StoredPerson>`
    select p.person_id, p.home_area, p.emergency_id, p.masked, p.name_sealed, p.name_hash, p.phone_hash, p.birth_hash, p.birth_precision,
           p.doc_kind, p.sex, i.known, i.doc_sealed is not null as doc_sealed
    from person p left join identity i on i.person_id = p.person_id
    where p.person_id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row]))
}

export type NewPerson = {
  personId: string
  area: string
  masked: string
  nameSealed: Buffer | null
  nameHash: Buffer | null
  pinyinHash: Buffer | null
  initialsHash: Buffer | null
  phoneHash: Buffer | null
  phone4Hash: Buffer | null
  birthHash: Buffer | null
  birthYearHash: Buffer | null
  birthPrecision: number
  docKind: string
  sex: number
  source: string
  docSealed: Buffer | null
  phoneSealed: Buffer | null
  birthSealed: Buffer | null
  known: Buffer[]
}

type Common = { emergencyId: string; keyId: string; now: Date }

/** Returns the ids that were really new; the others were made by somebody else in the same moment (case 76). */
export async function insertPersons(db: Db, people: readonly NewPerson[], common: Common): Promise<Set<string>> {
  if (people.length === 0) return new Set()
  const p = people.toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  const { rows } = await sql<{ person_id: string }>`
    insert into person (person_id, home_area, emergency_id, masked, name_sealed, name_hash, pinyin_hash, initials_hash, phone_hash,
      phone4_hash, birth_hash, birth_year_hash, birth_precision, doc_kind, sex, source, created_at, updated_at)
    select u.id, u.area, ${common.emergencyId}::uuid, u.masked, u.name_sealed, u.name_hash, u.pinyin_hash, u.initials_hash, u.phone_hash,
      u.phone4_hash, u.birth_hash, u.birth_year_hash, u.birth_precision, u.doc_kind, u.sex, u.source, ${common.now}::timestamptz, ${common.now}::timestamptz
    from unnest(${p.map((x) => x.personId)}::uuid[], ${p.map((x) => x.area)}::text[], ${p.map((x) => x.masked)}::text[],
      ${p.map((x) => x.nameSealed)}::bytea[], ${p.map((x) => x.nameHash)}::bytea[], ${p.map((x) => x.pinyinHash)}::bytea[],
      ${p.map((x) => x.initialsHash)}::bytea[], ${p.map((x) => x.phoneHash)}::bytea[], ${p.map((x) => x.phone4Hash)}::bytea[],
      ${p.map((x) => x.birthHash)}::bytea[], ${p.map((x) => x.birthYearHash)}::bytea[], ${p.map((x) => x.birthPrecision)}::smallint[],
      ${p.map((x) => x.docKind)}::text[], ${p.map((x) => x.sex)}::smallint[], ${p.map((x) => x.source)}::text[])
      with ordinality as u (id, area, masked, name_sealed, name_hash, pinyin_hash, initials_hash, phone_hash, phone4_hash, birth_hash,
        birth_year_hash, birth_precision, doc_kind, sex, source, n)
    order by u.n
    on conflict (person_id) do nothing
    returning person_id`.execute(db)
  const made = new Set(rows.map((row) => row.person_id))
  await insertIdentities(
    db,
    p.filter((x) => made.has(x.personId)),
    common,
  )
  return made
}

async function insertIdentities(db: Db, p: readonly NewPerson[], common: Common): Promise<void> {
  if (p.length === 0) return
  await sql`
    insert into identity (person_id, home_area, doc_sealed, phone_sealed, birth_sealed, known, key_id, updated_at)
    select u.id, u.area, u.doc, u.phone, u.birth,
      array_remove(array[u.known1, u.known2], null), ${common.keyId}::uuid, ${common.now}::timestamptz
    from unnest(${p.map((x) => x.personId)}::uuid[], ${p.map((x) => x.area)}::text[], ${p.map((x) => x.docSealed)}::bytea[],
      ${p.map((x) => x.phoneSealed)}::bytea[], ${p.map((x) => x.birthSealed)}::bytea[], ${p.map((x) => x.known[0] ?? null)}::bytea[],
      ${p.map((x) => x.known[1] ?? null)}::bytea[]) as u (id, area, doc, phone, birth, known1, known2)
    on conflict (person_id) do nothing`.execute(db)
}

export type PersonChange = NewPerson & { learned: Buffer[] }

/**
 * Fills what was unknown and takes a new telephone; never overwrites a name, a document or a birth date. Each column decides
 * for itself inside the statement, so two imports at once lose nothing.
 */
export async function updatePersons(db: Db, changes: readonly PersonChange[], common: Common): Promise<void> {
  if (changes.length === 0) return
  const c = changes.toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  await sql`
    update person p set
      masked = case when p.name_hash is null and u.name_hash is not null then u.masked else p.masked end,
      name_sealed = case when p.name_hash is null then coalesce(u.name_sealed, p.name_sealed) else p.name_sealed end,
      pinyin_hash = case when p.name_hash is null then coalesce(u.pinyin_hash, p.pinyin_hash) else p.pinyin_hash end,
      initials_hash = case when p.name_hash is null then coalesce(u.initials_hash, p.initials_hash) else p.initials_hash end,
      name_hash = coalesce(p.name_hash, u.name_hash),
      phone_hash = coalesce(u.phone_hash, p.phone_hash),
      phone4_hash = coalesce(u.phone4_hash, p.phone4_hash),
      birth_hash = case when u.birth_precision > p.birth_precision then u.birth_hash else p.birth_hash end,
      birth_year_hash = case when u.birth_precision > p.birth_precision then u.birth_year_hash else p.birth_year_hash end,
      birth_precision = greatest(p.birth_precision, u.birth_precision),
      sex = case when p.sex = 0 then u.sex else p.sex end,
      updated_at = ${common.now}::timestamptz,
      version = p.version + 1
    from unnest(${c.map((x) => x.personId)}::uuid[], ${c.map((x) => x.masked)}::text[],
      ${c.map((x) => x.nameSealed)}::bytea[], ${c.map((x) => x.nameHash)}::bytea[], ${c.map((x) => x.pinyinHash)}::bytea[],
      ${c.map((x) => x.initialsHash)}::bytea[], ${c.map((x) => x.phoneHash)}::bytea[], ${c.map((x) => x.phone4Hash)}::bytea[],
      ${c.map((x) => x.birthHash)}::bytea[], ${c.map((x) => x.birthYearHash)}::bytea[], ${c.map((x) => x.birthPrecision)}::smallint[],
      ${c.map((x) => x.sex)}::smallint[]) as u (id, masked, name_sealed, name_hash, pinyin_hash, initials_hash, phone_hash, phone4_hash,
        birth_hash, birth_year_hash, birth_precision, sex)
    where p.person_id = u.id`.execute(db)
  await sql`
    update identity i set
      phone_sealed = coalesce(u.phone, i.phone_sealed),
      birth_sealed = coalesce(u.birth, i.birth_sealed),
      known = (i.known || array_remove(array[u.known1, u.known2], null))[greatest(1, cardinality(i.known) - 17):],
      key_id = ${common.keyId}::uuid,
      updated_at = ${common.now}::timestamptz
    from unnest(${c.map((x) => x.personId)}::uuid[], ${c.map((x) => x.phoneSealed)}::bytea[], ${c.map((x) => x.birthSealed)}::bytea[],
      ${c.map((x) => x.learned[0] ?? null)}::bytea[], ${c.map((x) => x.learned[1] ?? null)}::bytea[]) as u (id, phone, birth, known1, known2)
    where i.person_id = u.id`.execute(db)
}

export type PendingAddress = { personId: string; area: string; sealed: Buffer; hash: Buffer; source: string }

export async function putPending(
  db: Db,
  rows: readonly PendingAddress[],
  common: Omit<Common, 'keyId'>,
): Promise<void> {
  if (rows.length === 0) return
  const p = rows.toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  await sql`
    insert into address_pending (person_id, home_area, emergency_id, address_sealed, address_hash, source, at)
    select u.id, u.area, ${common.emergencyId}::uuid, u.sealed, u.hash, u.source, ${common.now}::timestamptz
    from unnest(${p.map((x) => x.personId)}::uuid[], ${p.map((x) => x.area)}::text[], ${p.map((x) => x.sealed)}::bytea[],
      ${p.map((x) => x.hash)}::bytea[], ${p.map((x) => x.source)}::text[]) as u (id, area, sealed, hash, source)
    on conflict (person_id) do update set address_sealed = excluded.address_sealed, address_hash = excluded.address_hash,
      emergency_id = excluded.emergency_id, source = excluded.source, at = excluded.at`.execute(db)
}

export type UnresolvedRow = { personId: string; area: string; sealed: Buffer | null; why: string }

/** One line per person; a newer address replaces an older one that is still waiting. */
export async function putUnresolved(db: Db, rows: readonly UnresolvedRow[], now: Date): Promise<void> {
  if (rows.length === 0) return
  const p = rows.toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  await sql`
    insert into unresolved (person_id, home_area, address_sealed, why, created_at)
    select u.id, u.area, u.sealed, u.why, ${now}::timestamptz
    from unnest(${p.map((x) => x.personId)}::uuid[], ${p.map((x) => x.area)}::text[], ${p.map((x) => x.sealed)}::bytea[],
      ${p.map((x) => x.why)}::text[]) as u (id, area, sealed, why)
    on conflict (person_id) do update set home_area = excluded.home_area, address_sealed = excluded.address_sealed,
      why = excluded.why, created_at = excluded.created_at, resolved_at = null`.execute(db)
}

export async function closeUnresolved(db: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`update unresolved set resolved_at = ${now}::timestamptz where person_id = any(${ids}::uuid[]) and resolved_at is null`.execute(
    db,
  )
}

export type Candidate = {
  new_id: string
  person_id: string
  home_area: string
  name_sealed: Buffer | null
  phone_hash: Buffer | null
  birth_precision: number
  birth_sealed: Buffer | null
  doc_kind: string
  sex: number
}
export type NearProbe = {
  personId: string
  area: string
  phoneHash: Buffer | null
  pinyinHash: Buffer | null
  birthHash: Buffer | null
  birthYearHash: Buffer | null
  birthPrecision: number
  docKind: string
}

/**
 * Who might be the same person: three probes of an index for each, at most 20 rows each (a shared telephone may have hundreds).
 * Two papers of one kind are two persons, so those are left out unless telephone and sound agree. Partial birth dates are
 * sought inside the county, where a year and a sound still tell something (case 74).
 */
export async function findCandidates(db: Db, probes: readonly NearProbe[]): Promise<Candidate[]> {
  if (probes.length === 0) return []
  const columns = sql`p.person_id, p.home_area, p.name_sealed, p.phone_hash, p.birth_precision, p.doc_kind, p.sex`
  const { rows } = await sql<Candidate>`
    select n.id as new_id, c.*, i.birth_sealed
    from unnest(${probes.map((x) => x.personId)}::uuid[], ${probes.map((x) => x.area)}::text[], ${probes.map((x) => x.phoneHash)}::bytea[],
      ${probes.map((x) => x.pinyinHash)}::bytea[], ${probes.map((x) => x.birthHash)}::bytea[], ${probes.map((x) => x.birthYearHash)}::bytea[],
      ${probes.map((x) => x.birthPrecision)}::smallint[], ${probes.map((x) => x.docKind)}::text[])
      as n (id, area, phone, pinyin, birth, birth_year, precision, doc)
    cross join lateral (
      (select ${columns} from person p
        where p.phone_hash = n.phone and p.person_id <> n.id and (p.doc_kind <> n.doc or n.doc = 'none' or p.pinyin_hash = n.pinyin) limit 20)
      union
      (select ${columns} from person p
        where p.pinyin_hash = n.pinyin and p.birth_hash = n.birth and p.person_id <> n.id and (p.doc_kind <> n.doc or n.doc = 'none') limit 20)
      union
      (select ${columns} from person p
        where p.pinyin_hash = n.pinyin and p.birth_year_hash = n.birth_year and p.person_id <> n.id
          and (p.doc_kind <> n.doc or n.doc = 'none') and (p.birth_precision < 10 or n.precision < 10)
          and p.home_area >= left(n.area, 6) and p.home_area < left(n.area, 6) || ':' limit 20)
    ) c
    left join identity i on i.person_id = c.person_id
    where not exists (select from person_alias a where a.person_id = c.person_id)
      -- Whom a record stands for, the home centre is asked already.
      and not exists (select from person_review v where v.person_id = c.person_id and v.other = n.id and v.kind = 'same_document')
      and not exists (select from person_review v where v.person_id = n.id and v.other = c.person_id and v.kind = 'same_document')`.execute(
    db,
  )
  return rows
}

export type ProbeRow = {
  person_id: string
  home_area: string
  name_sealed: Buffer | null
  phone_hash: Buffer | null
  pinyin_hash: Buffer | null
  birth_hash: Buffer | null
  birth_year_hash: Buffer | null
  birth_precision: number
  birth_sealed: Buffer | null
  doc_kind: string
  sex: number
}

/** Persons as they now stand, for looking for near ones; a merged record is not looked for again. */
export async function findProbes(db: Db, ids: readonly string[]): Promise<ProbeRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<ProbeRow>`
    select p.person_id, p.home_area, p.name_sealed, p.phone_hash, p.pinyin_hash, p.birth_hash, p.birth_year_hash, p.birth_precision,
      i.birth_sealed, p.doc_kind, p.sex
    from person p left join identity i on i.person_id = p.person_id
    where p.person_id = any(${ids}::uuid[]) and not exists (select from person_alias a where a.person_id = p.person_id)`.execute(
    db,
  )
  return rows
}

export type NewReview = {
  id: string
  area: string
  kind: 'near_name' | 'name_clash' | 'same_document'
  personId: string
  other: string | null
  detailHash: Buffer | null
  detailSealed: Buffer | null
  score: number
  reasons: unknown
}

/** A pair or clash that was ever decided is not asked again (PEOPLE-8); returns how many are new. */
export async function addReviews(db: Db, reviews: readonly NewReview[], now: Date): Promise<number> {
  if (reviews.length === 0) return 0
  const r = reviews.toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  const { rows } = await sql<{ id: string }>`
    insert into person_review (id, home_area, kind, person_id, other, detail_hash, detail_sealed, score, reasons, state, created_at)
    select u.id, u.area, u.kind, u.person, u.other, u.detail_hash, u.detail_sealed, u.score, u.reasons::jsonb, 'open', ${now}::timestamptz
    from unnest(${r.map((x) => x.id)}::uuid[], ${r.map((x) => x.area)}::text[], ${r.map((x) => x.kind)}::text[], ${r.map((x) => x.personId)}::uuid[],
      ${r.map((x) => x.other)}::uuid[], ${r.map((x) => x.detailHash)}::bytea[], ${r.map((x) => x.detailSealed)}::bytea[],
      ${r.map((x) => Math.round(x.score * 100))}::smallint[], ${r.map((x) => JSON.stringify(x.reasons))}::text[])
      as u (id, area, kind, person, other, detail_hash, detail_sealed, score, reasons)
    on conflict (person_id, other, kind, detail_hash) do nothing
    returning id`.execute(db)
  return rows.length
}

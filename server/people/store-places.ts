/** SQL of residences: who lives where from when to when, waiting addresses, what the register knows about streets and doors. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { AddressPoint } from '@weiwang/domain/people/address/register'
import { commonArea } from '@weiwang/domain/people/address/resolve'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { moveConflicts } from './store-change.ts'
import { closeUnresolved } from './store-register.ts'

export type Present = {
  person_id: string
  home_area: string
  emergency_id: string
  id: string | null
  area: string | null
  household_id: string | null
  kind: string | null
  placed: boolean | null
  from_day: Day | null
  /** An address of theirs is still waiting in one of the two queues. */
  waiting: boolean
}

/** Persons with their present residence, locked in the order of their ids: two moves of one person wait for each other. */
export async function lockPresent(db: Db, ids: readonly string[]): Promise<Map<string, Present>> {
  if (ids.length === 0) return new Map()
  const { rows: people } = await sql<{ person_id: string; home_area: string; emergency_id: string }>`
    select person_id, home_area, emergency_id from person where person_id = any(${ids}::uuid[]) order by person_id for no key update`.execute(
    db,
  )
  const { rows: homes } = await sql<Omit<Present, 'home_area' | 'emergency_id' | 'waiting'>>`
    select person_id, id, area, household_id, kind, placed, from_day from residence where person_id = any(${ids}::uuid[]) and to_day is null`.execute(
    db,
  )
  const { rows: queued } = await sql<{ person_id: string }>`
    select person_id from unresolved where person_id = any(${ids}::uuid[]) and resolved_at is null
    union select person_id from address_pending where person_id = any(${ids}::uuid[])`.execute(db)
  const waiting = new Set(queued.map((row) => row.person_id))
  const byPerson = new Map(homes.map((home) => [home.person_id, home]))
  const none = { id: null, area: null, household_id: null, kind: null, placed: null, from_day: null }
  return new Map(
    people.map((p) => [
      p.person_id,
      { ...none, ...byPerson.get(p.person_id), ...p, waiting: waiting.has(p.person_id) },
    ]),
  )
}

export type NewResidence = {
  id: string
  personId: string
  area: AreaCode
  householdId: string | null
  kind: string
  certainty: number
  addressSealed: Buffer | null
  source: string
  placed: boolean
  fromDay: Day
  /** The last day of the residence before this one, when there is one. */
  lastDay: Day
  hadOne: boolean
  /** Where the person was listed so far: who stays in the same list costs no update. */
  homeArea: AreaCode
}

/** PEOPLE-14: closes what was open with its last day, opens the new, and takes the rows about the person along. */
export async function changeResidences(db: Db, rows: readonly NewResidence[], now: Date): Promise<Rehomed[]> {
  if (rows.length === 0) return []
  const ids = rows.map((x) => x.personId)
  const before = rows.filter((x) => x.hadOne)
  if (before.length > 0)
    await sql`
    update residence r set to_day = greatest(r.from_day, u.last_day)
    from unnest(${before.map((x) => x.personId)}::uuid[], ${before.map((x) => x.lastDay)}::date[]) as u (id, last_day)
    where r.person_id = u.id and r.to_day is null`.execute(db)
  await sql`
    insert into residence (person_id, id, home_area, area, county, household_id, kind, certainty, address_sealed, source, placed, from_day, recorded_at)
    select u.person, u.id, u.area, u.area, left(u.area, 6), u.household, u.kind, u.certainty, u.address, u.source, u.placed, u.from_day, ${now}::timestamptz
    from unnest(${ids}::uuid[], ${rows.map((x) => x.id)}::uuid[], ${rows.map((x) => x.area)}::text[], ${rows.map((x) => x.householdId)}::uuid[],
      ${rows.map((x) => x.kind)}::text[], ${rows.map((x) => x.certainty)}::smallint[], ${rows.map((x) => x.addressSealed)}::bytea[],
      ${rows.map((x) => x.source)}::text[], ${rows.map((x) => x.placed)}::boolean[], ${rows.map((x) => x.fromDay)}::date[])
      as u (person, id, area, household, kind, certainty, address, source, placed, from_day)`.execute(db)
  return rehome(
    db,
    rows.filter((x) => x.homeArea !== x.area).map((x) => ({ personId: x.personId, area: x.area })),
    now,
  )
}

/** Somebody who is listed elsewhere now. */
export type Rehomed = { from: AreaCode; to: AreaCode }

/**
 * The area column of everything that is about the person, which is what scope and row security go by. The persons are locked by the
 * caller. Answers from where to where, of those who stand in lists, for the counters (STAT-15).
 */
export async function rehome(
  db: Db,
  rows: readonly { personId: string; area: AreaCode }[],
  now: Date,
): Promise<Rehomed[]> {
  if (rows.length === 0) return []
  const ids = rows.map((x) => x.personId)
  const moves = sql`unnest(${ids}::uuid[], ${rows.map((x) => x.area)}::text[]) as u (id, area)`
  const { rows: moved } = await sql<Rehomed & { merged: boolean }>`
    update person t set home_area = was.area, updated_at = ${now}::timestamptz, version = t.version + 1
    from (select p.person_id, p.home_area, u.area from person p join ${moves} on p.person_id = u.id where p.home_area <> u.area) was
    where t.person_id = was.person_id
    returning was.home_area as "from", was.area as "to",
      exists (select from person_alias a where a.person_id = was.person_id) as merged`.execute(db)
  await sql`update identity t set home_area = u.area from ${moves} where t.person_id = u.id and t.home_area <> u.area`.execute(
    db,
  )
  await sql`update residence t set home_area = u.area from ${moves} where t.person_id = u.id and t.home_area <> u.area`.execute(
    db,
  )
  await sql`update unresolved t set home_area = u.area from ${moves} where t.person_id = u.id and t.home_area <> u.area`.execute(
    db,
  )
  await sql`update address_pending t set home_area = u.area from ${moves} where t.person_id = u.id and t.home_area <> u.area`.execute(
    db,
  )
  await moveConflicts(
    db,
    rows.map(({ personId, area }) => ({ id: personId, area })),
  )
  await rehomeReviews(db, ids)
  return moved.filter(({ merged }) => !merged)
}

/** A pair belongs to the lowest area that holds both; who was registered elsewhere, to the person's home. */
async function rehomeReviews(db: Db, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string; kind: string; a: string; b: string | null; home_area: string }>`
    select v.id, v.kind, p.home_area as a, o.home_area as b, v.home_area
    from person_review v join person p on p.person_id = v.person_id left join person o on o.person_id = v.other
    where v.state = 'open' and (v.person_id = any(${ids}::uuid[]) or v.other = any(${ids}::uuid[]))`.execute(db)
  for (const row of rows) {
    const area = row.b === null || row.kind === 'same_document' ? row.a : commonArea(row.a, row.b)
    if (area !== '' && area !== row.home_area)
      await db.updateTable('person_review').set({ home_area: area }).where('id', '=', row.id).execute()
  }
}

/** The residence stays as it is and is from now on said by a register or a worker. */
export async function markPlaced(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update residence set placed = true where person_id = any(${ids}::uuid[]) and to_day is null and not placed`.execute(
    db,
  )
}

/** Out of both queues of addresses: the person has a place. */
export async function leaveQueues(db: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await closeUnresolved(db, ids, now)
  await sql`delete from address_pending where person_id = any(${ids}::uuid[])`.execute(db)
}

/** Counts the members of households anew, after locking them in order; a record that was merged into another is no member. */
export async function recountHouseholds(db: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`select 1 from household where id = any(${ids}::uuid[]) order by county, id for update`.execute(db)
  await sql`
    update household h set members = c.n, updated_at = ${now}::timestamptz
    from (select u.id, (select count(*) from residence r where r.household_id = u.id and r.to_day is null
        and not exists (select from person_alias a where a.person_id = r.person_id)) as n
      from unnest(${ids}::uuid[]) as u (id)) c
    where h.id = c.id and h.members <> c.n`.execute(db)
}

/** The doors at which these persons live now. */
export async function doorsOf(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ household_id: string }>`
    select distinct household_id from residence where person_id = any(${ids}::uuid[]) and to_day is null and household_id is not null`.execute(
    db,
  )
  return rows.map((row) => row.household_id)
}

export type Waiting = {
  person_id: string
  home_area: string
  emergency_id: string
  address_sealed: Buffer
  address_hash: Buffer
  source: string
}

/** The next chunk for stage two; rows that another process has taken are passed over. */
export async function takePending(db: Db, limit: number): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select person_id, home_area, emergency_id, address_sealed, address_hash, source from address_pending
    order by at, person_id limit ${limit} for update skip locked`.execute(db)
  return rows
}

export async function dropPending(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await sql`delete from address_pending where person_id = any(${ids}::uuid[])`.execute(db)
}

/** Areas down to the village, for the names of the resolver. */
export async function areaRows(db: Db): Promise<{ code: string; name: string }[]> {
  return db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('level', '<=', 5)
    .where('valid_to', 'is', null)
    .orderBy('code')
    .execute()
}

export async function learnedAliases(db: Db): Promise<{ alias: string; code: string }[]> {
  return db
    .selectFrom('area_alias')
    .select(['alias', 'code'])
    .where('kind', '=', 'learned')
    .where(sql<boolean>`exists (select from area where area.code = area_alias.code and area.valid_to is null)`)
    .orderBy('alias')
    .orderBy('code')
    .execute()
}

/** Changes when areas or learned names change: what the cached names of the resolver were built from. */
export async function gazetteerMark(db: Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select (select concat_ws('/', count(*), count(valid_to)) from area where level <= 5) || '+' ||
      (select count(*) from area_alias where kind = 'learned') as mark`.execute(db)
  return rows[0]?.mark ?? ''
}

export type Door = { hash: string; id: string; area: string }

export async function householdsAt(db: Db, hashes: readonly Buffer[]): Promise<Door[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<{ address_hash: Buffer; id: string; area: string }>`
    select address_hash, id, area from household where address_hash = any(${hashes}::bytea[])`.execute(db)
  return rows.map((row) => ({ hash: row.address_hash.toString('hex'), id: row.id, area: row.area }))
}

/** The address points of one county, as the resolver takes them. */
export async function pointsOf(db: Db, county: AreaCode): Promise<AddressPoint[]> {
  const rows = await db
    .selectFrom('address_point')
    .select(['village', 'street', 'number_from', 'number_to', 'parity', 'building', 'area'])
    .where('county', '=', county)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    village: row.village,
    street: row.street,
    numberFrom: row.number_from,
    numberTo: row.number_to,
    parity: row.parity,
    building: row.building,
    area: row.area,
  }))
}

/** Per county a text that changes when points are imported, learned, or follow a change of areas. */
export async function pointMarks(db: Db, counties: readonly AreaCode[]): Promise<Map<string, string>> {
  if (counties.length === 0) return new Map()
  const rows = await db
    .selectFrom('address_point')
    .select(['county', sql<string>`count(*) || '/' || coalesce(sum(hashtext(area)), 0)`.as('n')])
    .where('county', 'in', counties)
    .groupBy('county')
    .execute()
  return new Map(rows.map((row) => [row.county, row.n]))
}

export type EstateArea = { county: string; estate: string; building: string | null; area: string }

/** Where the register has the buildings of estates. */
export async function estatesOf(db: Db, wanted: readonly { county: string; estate: string }[]): Promise<EstateArea[]> {
  if (wanted.length === 0) return []
  const { rows } = await sql<EstateArea>`
    select distinct h.county, h.estate, h.building, left(h.area, 15) as area
    from unnest(${wanted.map((w) => w.county)}::text[], ${wanted.map((w) => w.estate)}::text[]) as u (county, estate)
    join household h on h.county = u.county and h.estate = u.estate`.execute(db)
  return rows
}

/** The grid of villages that have only one. */
export async function onlyGrids(db: Db, villages: readonly AreaCode[]): Promise<Map<string, string>> {
  if (villages.length === 0) return new Map()
  const { rows } = await sql<{ parent: string; code: string }>`
    select parent, min(code) as code from area
    where parent = any(${villages}::text[]) and level = 6 and valid_to is null group by parent having count(*) = 1`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.parent, row.code]))
}

export async function learnPoint(
  db: Db,
  point: { id: string; area: AreaCode; street: string; number: number | null; building: string | null },
): Promise<void> {
  await db
    .insertInto('address_point')
    .values({
      county: point.area.slice(0, 6),
      id: point.id,
      village: point.area.slice(0, 12),
      street: point.street,
      number_from: point.number,
      number_to: point.number,
      parity: 0,
      building: point.building,
      area: point.area,
      source: 'learned',
    })
    .execute()
}

/** The area as it is organised now, or null. */
export async function findArea(db: Db, code: AreaCode): Promise<{ code: string; level: number } | null> {
  return (
    (await db
      .selectFrom('area')
      .select(['code', 'level'])
      .where('code', '=', code)
      .where('valid_to', 'is', null)
      .executeTakeFirst()) ?? null
  )
}

import type { AreaCode } from '@weiwang/domain/areas/code'
import { NOBODY_FOUND } from '@weiwang/domain/visits/found'
import { sql } from 'kysely'
import type { InsertObject, Kysely, RawBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import { sumCounts } from '../core/counters.ts'
import type { Ctx, LastInsert } from '../core/ctx.ts'
import { kept } from '../core/db/connect.ts'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, inListOrder, keyIs, keyRows } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import { LOOK_UPS, togetherAt } from '../core/together.ts'
import type { DB, Photo, Visit } from '../core/db/types.ts'
import { countable, cut, keysOf, placed } from '../tasks/store-lists.ts'
import type { Paged, Paging, Where } from '../tasks/store-lists.ts'

export type VisitRow = Selectable<Visit>

type NewVisit = Omit<InsertObject<DB, 'visit'>, 'answers' | 'answer'> & { answers: object; answer: object }

/** For the last statement: no row when a visit of this id exists; waits for a parallel post of the same id to commit (case 58). */
export function visitInsert(row: NewVisit): LastInsert {
  const whole = { ...row, answers: JSON.stringify(row.answers), answer: JSON.stringify(row.answer) }
  return { table: 'visit', key: ['id', 'county'], row: whole }
}

export type Ground = { known: boolean; emergencyId: string | null; questions: unknown }
type OfGround = {
  id: string
  areas: readonly AreaCode[]
  today: string
  campaignId: string | null
  bounds: Ctx['bounds']
}

/**
 * What every visit asks before it is written, in one look: is it there, is collecting allowed here today, what was asked. Visits of
 * one moment ask together; each names its own county, beyond which its worker's bounds do not reach.
 */
export const groundOf = togetherAt(async (db: Kysely<DB>, all: readonly OfGround[]): Promise<Ground[]> => {
  const { rows } = await sql<Ground & { i: number }>`
    select w.i::int as i, exists (select from visit v where v.id = w.id and (w.lo is null or v.area >= w.lo collate "C" and v.area < w.hi collate "C")) as known,
      (select e.id from emergency e where e.state = 'open' and e.area collate "C" = any(string_to_array(w.areas, ',')) and e.starts <= w.today
        and (e.ends is null or e.ends >= w.today) order by length(e.area) desc limit 1) as "emergencyId",
      (select c.questions from campaign c where c.id = w.campaign) as questions
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(({ areas }) => areas.join(','))}::text[],
      ${all.map(({ today }) => today)}::date[], ${all.map(({ campaignId }) => campaignId)}::uuid[],
      ${all.map(({ bounds }) => bounds?.lo ?? null)}::text[], ${all.map(({ bounds }) => bounds?.hi ?? null)}::text[])
      with ordinality w (id, areas, today, campaign, lo, hi, i) ${kept}`.execute(db)
  const found = new Map(rows.map((row) => [row.i, row]))
  return all.map((_, i) => found.get(i + 1) ?? { known: false, emergencyId: null, questions: null })
}, LOOK_UPS)

/** The first visit that stands at which somebody was found at a door, under an instruction (INSTR-6). */
export async function firstFound(
  db: Db,
  at: { county: string; householdId: string; instructionId: string },
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select v.id from visit v where v.county = ${at.county} and v.household_id = ${at.householdId}
      and v.instruction_id = ${at.instructionId} and v.superseded_by is null and v.result <> all(${NOBODY_FOUND}::text[])
    order by v.recorded_at, v.id limit 1`.execute(db)
  return rows[0]?.id ?? null
}

export async function updateVisit(
  db: Db,
  at: { county: string; id: string },
  set: UpdateObject<DB, 'visit'>,
): Promise<void> {
  await db.updateTable('visit').set(set).where('id', '=', at.id).where('county', '=', at.county).execute()
}

/** By its phone-made id, whoever filed it and wherever its task went since. */
export async function findVisitById(db: Db, id: string): Promise<VisitRow | null> {
  return (await db.selectFrom('visit').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function findVisit(db: Db, scope: readonly AreaCode[], id: string): Promise<VisitRow | null> {
  return (
    (await db
      .selectFrom('visit')
      .selectAll()
      .where('id', '=', id)
      .where(inScope('visit.area', scope))
      .executeTakeFirst()) ?? null
  )
}

export async function lockVisit(db: Db, scope: readonly AreaCode[], id: string): Promise<VisitRow | null> {
  return (
    (await db
      .selectFrom('visit')
      .selectAll()
      .where('id', '=', id)
      .where(inScope('visit.area', scope))
      .forUpdate()
      .executeTakeFirst()) ?? null
  )
}

export async function insertPersons(
  db: Db,
  at: { county: string; visitId: string; area: string },
  persons: readonly { personId: string; masked: string; said?: { plain: object; sealed: Buffer | null } | undefined }[],
): Promise<void> {
  if (persons.length === 0) return
  await db
    .insertInto('visit_person')
    .values(
      persons.map((person) => ({
        county: at.county,
        visit_id: at.visitId,
        person_id: person.personId,
        area: at.area,
        masked: person.masked,
        answers: json(person.said?.plain ?? {}),
        answers_sealed: person.said?.sealed ?? null,
      })),
    )
    // A parallel post of the same visit: which of the two is filed, its row decides in the last statement.
    .onConflict((oc) => oc.columns(['county', 'visit_id', 'person_id']).doNothing())
    .execute()
}

/**
 * Who may be named in a visit: people who live or have lived where the worker may see, and the person of the task. An id from
 * elsewhere tells nothing (ACCESS-3); somebody who moved away meanwhile is still somebody who was visited. Ids made on a phone are
 * read as the records that they became (PEOPLE-21).
 */
export async function personsOf(
  db: Db,
  scope: readonly AreaCode[],
  ids: readonly string[],
  ofTask: string | null,
): Promise<{ personId: string; masked: string }[]> {
  const wanted = [...new Set(ofTask === null ? ids : [ofTask, ...ids])]
  if (wanted.length === 0) return []
  const { rows } = await sql<{ personId: string; masked: string }>`
    select p.person_id as "personId", p.masked from person p
    -- As an array the ids are looked up by their index; joined, they were found by reading everybody.
    where p.person_id = any(array(
      select coalesce(m.person_id, u.id) from unnest(${wanted}::uuid[]) as u (id) left join person_made m on m.id = u.id
    )) and (${inScope('p.home_area', scope)} or p.person_id = ${ofTask}::uuid
      or exists (select from residence r where r.person_id = p.person_id and ${inScope('r.area', scope)}))
    order by p.person_id`.execute(db)
  return rows
}

export async function personsOfVisit(
  db: Db,
  county: string,
  visitId: string,
): Promise<{ personId: string; masked: string; answers: unknown; answers_sealed: Buffer | null }[]> {
  return db
    .selectFrom('visit_person')
    .select(['person_id as personId', 'masked', 'answers', 'answers_sealed'])
    .where('county', '=', county)
    .where('visit_id', '=', visitId)
    .orderBy('person_id')
    .execute()
}

/** An id made on a phone is read as the door that it became (PEOPLE-21). */
export async function householdAt(
  db: Db,
  scope: readonly AreaCode[],
  id: string,
): Promise<{ id: string; county: string; area: string } | null> {
  const { rows } = await sql<{ id: string; county: string; area: string }>`
    select h.id, h.county, h.area from household h
    where h.id = coalesce((select household_id from household_made where id = ${id}::uuid), ${id}::uuid)
      and ${inScope('h.area', scope)}`.execute(db)
  return rows[0] ?? null
}

export type VisitFilter = Where & {
  from: string
  to: string
  taskId?: string | undefined
  householdId?: string | undefined
  personId?: string | undefined
  by?: string | undefined
  recordedSince?: Date | undefined
}

function narrowed(filter: VisitFilter): RawBuilder<unknown> {
  const parts = [sql`t.superseded_by is null and t.day between ${filter.from} and ${filter.to}`, placed(filter)]
  if (filter.taskId !== undefined) parts.push(sql`t.task_id = ${filter.taskId}`)
  if (filter.householdId !== undefined) parts.push(sql`t.household_id = ${filter.householdId}`)
  if (filter.personId !== undefined)
    parts.push(sql`t.id in (select p.visit_id from visit_person p where p.person_id = ${filter.personId})`)
  if (filter.by !== undefined) parts.push(sql`t.by = ${filter.by}`)
  if (filter.recordedSince !== undefined) parts.push(sql`t.recorded_at >= ${filter.recordedSince}`)
  return sql.join(parts, sql` and `)
}

function isPlain(filter: VisitFilter): boolean {
  return (
    filter.taskId === undefined &&
    filter.householdId === undefined &&
    filter.personId === undefined &&
    filter.by === undefined &&
    filter.recordedSince === undefined &&
    countable(filter)
  )
}

const Place = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

/** A filter that names one thing is answered from that thing's own index, not by the order of the area. */
function isNarrow(filter: VisitFilter): boolean {
  return (
    filter.taskId !== undefined ||
    filter.householdId !== undefined ||
    filter.personId !== undefined ||
    filter.by !== undefined
  )
}

/** Newest day first. The total of a plain filter is the sum of the counters (STAT-1), of any other a count of its rows. */
export async function listVisits(db: Db, filter: VisitFilter, paging: Paging): Promise<Paged<VisitRow>> {
  const n = paging.limit + 1
  const after = decodeCursor(Place, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(t.day, t.recorded_at, t.id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const keys = await keysOf(db, filter)
  // The keys of a page come from the index alone; only the page itself is read from the table.
  const page = isNarrow(filter)
    ? sql<VisitRow>`select t.* from visit t where ${narrowed(filter)} and ${rest} order by t.day desc, t.recorded_at desc, t.id desc limit ${n}`
    : sql<VisitRow>`
      select v.* from (
        select x.* from ${keyRows(keys)} cross join lateral (
          select t.county, t.day, t.recorded_at, t.id from visit t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest}
          order by t.day desc, t.recorded_at desc, t.id desc limit ${n}
        ) x order by x.day desc, x.recorded_at desc, x.id desc limit ${n}
      ) x join visit v on v.id = x.id and v.county = x.county
      order by v.day desc, v.recorded_at desc, v.id desc`
  const { rows } = await inListOrder(db, () => page.execute(db))
  return cut(rows, paging.limit, await totalOfVisits(db, filter), (row) => [
    row.day,
    row.recorded_at.toISOString(),
    row.id,
  ])
}

async function totalOfVisits(db: Db, filter: VisitFilter): Promise<number> {
  if (isPlain(filter)) return (await sumCounts(db, filter, filter)).get('visits') ?? 0
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from visit t where ${narrowed(filter)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** `nth`: 0 for a person who is named; of a visit whose detail was deleted, the place among those it met. */
export type VisitPerson = VisitRow & { person_id: string; masked: string | null; nth: number }
const PersonPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid(), z.uuid()])

/**
 * One row for each person and visit, in the order of visits. A visit whose detail was deleted still says how many it met
 * (STAT-5): so many rows without a name, under made-up ids that are only their order.
 */
export async function listVisitPersons(db: Db, filter: VisitFilter, paging: Paging): Promise<Paged<VisitPerson>> {
  const n = paging.limit + 1
  // One visit more than rows: the first may be the one whose persons ended the page before.
  const after = decodeCursor(PersonPlace, paging.cursor)
  const visitRest =
    after === null
      ? sql`true`
      : sql`(t.day, t.recorded_at, t.id) <= (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const rest =
    after === null
      ? sql`true`
      : sql`(x.day, x.recorded_at, x.id, p.person_id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid, ${after[3]}::uuid)`
  const keys = await keysOf(db, filter)
  const page = sql<VisitPerson>`
    select x.*, p.person_id, p.masked, p.nth from (
      select x.* from ${keyRows(keys)} cross join lateral (
        select t.* from visit t where ${keyIs(keys.by)} and ${narrowed(filter)} and t.persons > 0 and ${visitRest}
        order by t.day desc, t.recorded_at desc, t.id desc limit ${n + 1}
      ) x order by x.day desc, x.recorded_at desc, x.id desc limit ${n + 1}
    ) x cross join lateral (
      select p.person_id, p.masked, 0 as nth from visit_person p
        where p.county = x.county and p.visit_id = x.id and x.blanked_at is null
      union all
      select ('00000000-0000-8000-8000-' || lpad(to_hex(g.nth), 12, '0'))::uuid, null, g.nth
        from generate_series(1, x.persons) as g (nth) where x.blanked_at is not null
    ) p
    where ${rest}
    order by x.day desc, x.recorded_at desc, x.id desc, p.person_id desc limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  const total = isPlain(filter)
    ? ((await sumCounts(db, filter, filter)).get('persons') ?? 0)
    : await totalOfPersons(db, filter)
  return cut(rows, paging.limit, total, (row) => [row.day, row.recorded_at.toISOString(), row.id, row.person_id])
}

async function totalOfPersons(db: Db, filter: VisitFilter): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select coalesce(sum(t.persons), 0)::int as n from visit t where ${narrowed(filter)}`.execute(db)
  return rows[0]?.n ?? 0
}

export type PhotoRow = Selectable<Photo>

/** False when the picture is there already. */
export async function insertPhoto(db: Db, row: InsertObject<DB, 'photo'>): Promise<boolean> {
  const made = await db
    .insertInto('photo')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findPhoto(db: Db, scope: readonly AreaCode[], id: string): Promise<PhotoRow | null> {
  return (
    (await db
      .selectFrom('photo')
      .selectAll()
      .where('id', '=', id)
      .where(inScope('photo.area', scope))
      .executeTakeFirst()) ?? null
  )
}

/** By its phone-made id, wherever it lies. */
export async function findPhotoById(db: Db, id: string): Promise<PhotoRow | null> {
  return (await db.selectFrom('photo').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function photosOf(db: Db, county: string, visitId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('photo')
    .select('id')
    .where('county', '=', county)
    .where('visit_id', '=', visitId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

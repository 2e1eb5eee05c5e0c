/** SQL of handed-over work: where things are and were, who covered what, and the list itself. */
import { pathOf, isAreaCode } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Cover } from '@weiwang/domain/sync/handover'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Handover } from '../core/db/types.ts'

/** Something that an item is about. Areas are named by their code, everything else by its id. */
export type Subject = { thing: 'task' | 'household' | 'person' | 'visit' | 'observation' | 'area'; id: string }

// ---- Where things are and were -----------------------------------------------------------------------------------------------

/** Where it lies now; null when there is no such thing (yet). An ended area is none. */
export async function placeNow(db: Db, subject: Subject): Promise<AreaCode | null> {
  const { id } = subject
  const query = {
    task: sql<{ area: string }>`select area from task where id = ${id}`,
    household: sql<{ area: string }>`
      select area from household where id = coalesce((select household_id from household_made where id = ${id}), ${id})`,
    person: sql<{ area: string }>`
      select home_area as area from person where person_id = coalesce((select person_id from person_made where id = ${id}), ${id})`,
    visit: sql<{ area: string }>`select area from visit where id = ${id}`,
    observation: sql<{ area: string }>`select area from observation where id = ${id}`,
    area: sql<{ area: string }>`select code as area from area where code = ${id} and valid_to is null`,
  }[subject.thing]
  const { rows } = await query.execute(db)
  return rows[0]?.area ?? null
}

/**
 * Where it lay at an instant, by every trace there is: events of a task, residences of a person, and the feeds of grids that it
 * left since.
 */
export async function placesThen(db: Db, subject: Subject, at: Date, day: Day): Promise<AreaCode[]> {
  const { id, thing } = subject
  if (thing === 'area') return isAreaCode(id) ? [id] : []
  const { rows: left } = await sql<{ area: string }>`
    select grid as area from grid_feed where id = ${id} and kind = ${thing} and at > ${at} and body ? 'gone'`.execute(
    db,
  )
  const trace = {
    task: sql<{
      area: string
    }>`select area from task_event where task_id = ${id} and recorded_at <= ${at} order by n desc limit 1`,
    person: sql<{
      area: string
    }>`select area from residence where person_id = ${id} and from_day <= ${day} and (to_day is null or to_day >= ${day})`,
    observation: sql<{
      area: string
    }>`select area from observation_event where observation_id = ${id} and recorded_at <= ${at} order by n desc limit 1`,
    household: null,
    visit: null,
  }[thing]
  const { rows } = trace === null ? { rows: [] } : await trace.execute(db)
  return [...new Set([...left, ...rows].map((row) => row.area))]
}

/** An area and what it came from by changes on or after a day, step by step back (AREA-5). */
export async function cameFrom(db: Db, area: AreaCode, since: Day): Promise<AreaCode[]> {
  const found = new Set([area])
  for (let wave: AreaCode[] = [area]; wave.length > 0 && found.size < 200;) {
    const outer = [...new Set(wave.flatMap((code) => pathOf(code)))]
    const { rows } = await sql<{ code: string; successor: string }>`
      select code, successor from area_successor where successor = any(${outer}::text[]) and on_day >= ${since}::date`.execute(
      db,
    )
    const before = wave.flatMap((code) =>
      rows.filter((row) => code.startsWith(row.successor)).map((row) => row.code + code.slice(row.successor.length)),
    )
    wave = before.filter((code) => isAreaCode(code) && !found.has(code))
    for (const code of wave) found.add(code)
  }
  return [...found]
}

/** What an ended area became, followed to areas that stand; itself when it stands. */
export async function becameNow(db: Db, area: AreaCode): Promise<AreaCode[]> {
  const standing = new Set<AreaCode>()
  const seen = new Set<AreaCode>()
  for (let wave = [area]; wave.length > 0 && seen.size < 200;) {
    const { rows: now } = await sql<{ code: string }>`
      select code from area where code = any(${wave}::text[]) and valid_to is null`.execute(db)
    for (const { code } of now) standing.add(code)
    const ended = wave.filter((code) => !standing.has(code) && !seen.has(code))
    for (const code of ended) seen.add(code)
    const { rows } = await sql<{ successor: string }>`
      select distinct successor from area_successor where code = any(${ended}::text[])`.execute(db)
    wave = rows.map((row) => row.successor)
  }
  return [...standing].toSorted()
}

/** Every duty that an account had, the ended ones too. */
export async function coversOf(db: Db, accountId: string): Promise<Cover[]> {
  const { rows } = await sql<{
    area: string
    from_day: Day
    to_day: Day | null
    ended_at: Date | null
    cut_at: Date | null
  }>`
    select area, from_day, to_day, ended_at, cut_at from duty where account_id = ${accountId}
    order by from_day desc limit 1000`.execute(db)
  return rows.map((row) => ({
    area: row.area,
    from: row.from_day,
    to: row.to_day,
    endedAt: row.ended_at,
    cutAt: row.cut_at,
  }))
}

export async function areaName(db: Db, code: AreaCode): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from area where code = ${code} order by valid_from desc limit 1`.execute(db)
  return rows[0]?.name ?? code
}

// ---- The list ------------------------------------------------------------------------------------------------------------------

export type HandoverRecord = Selectable<Handover>

/** False when this worker's item lies here already. */
export async function insertHandover(db: Db, row: InsertObject<DB, 'handover'>): Promise<boolean> {
  const made = await db
    .insertInto('handover')
    .values(row)
    .onConflict((oc) => oc.columns(['account_id', 'key', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function handoverByKey(db: Db, accountId: string, key: string): Promise<HandoverRecord | null> {
  const row = await db
    .selectFrom('handover')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row ?? null
}

/** Where an earlier item of the same worker waits that makes or names one of these things. */
export async function waitingAbout(
  db: Db,
  accountId: string,
  ids: readonly string[],
): Promise<{ area: AreaCode; reason: string } | null> {
  if (ids.length === 0) return null
  const { rows } = await sql<{ area: string; reason: string }>`
    select area, reason from handover where account_id = ${accountId} and state = 'waiting' and subject_ids && ${[...ids]}::uuid[]
    order by id limit 1`.execute(db)
  return rows[0] ?? null
}

export async function findHandover(db: Db, scope: readonly AreaCode[], id: string): Promise<HandoverRecord | null> {
  const row = await db
    .selectFrom('handover')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('handover.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function lockHandover(db: Db, scope: readonly AreaCode[], id: string): Promise<HandoverRecord | null> {
  const row = await db
    .selectFrom('handover')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('handover.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateHandover(
  db: Db,
  at: { county: string; id: string },
  set: UpdateObject<DB, 'handover'>,
): Promise<void> {
  await db.updateTable('handover').set(set).where('id', '=', at.id).where('county', '=', at.county).execute()
}

/** What waits because this server did not know its kind, and now does; the oldest first. */
export async function waitingUnknown(
  db: Db,
  kinds: readonly string[],
  limit: number,
  except: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from handover
    where state = 'waiting' and reason = 'unknown_kind' and kind = any(${kinds}::text[]) and id <> all(${except}::uuid[])
    order by id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

export type HandoverFilter = {
  areas: readonly AreaCode[] | null
  account?: string | undefined
  state?: string | undefined
  /** Of these items of phones alone. */
  keys?: readonly string[] | undefined
}
export type HandoverCut = { rows: HandoverRecord[]; total: number }

/** Newest first; `areas` null: wherever they lie (a worker's own). One row more than `limit`. */
export async function listHandovers(
  db: Db,
  filter: HandoverFilter,
  after: string | null,
  limit: number,
): Promise<HandoverCut> {
  let base = db.selectFrom('handover')
  if (filter.areas !== null) base = base.where(inScope('handover.area', filter.areas))
  if (filter.account !== undefined) base = base.where('account_id', '=', filter.account)
  if (filter.state !== undefined) base = base.where('state', '=', filter.state)
  if (filter.keys !== undefined) base = base.where('key', 'in', filter.keys)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after !== null) query = query.where('id', '<', after)
  return { rows: await query.execute(), total }
}

/** A grid that the account covers today, for telling its phone: the one named when it is among them. */
export async function gridToTell(
  db: Db,
  accountId: string,
  today: Day,
  wished: string | null,
): Promise<AreaCode | null> {
  const { rows } = await sql<{ grid: string | null }>`
    select coalesce(
      case when length(d.area) >= 15 then left(d.area, 15) end,
      (select a.code from area a where a.level = 6 and a.valid_to is null and a.code >= d.area and a.code < d.area || ':' order by a.code limit 1)
    ) as grid
    from duty d where d.account_id = ${accountId} and d.ended_at is null and d.from_day <= ${today}
      and (d.to_day is null or d.to_day >= ${today})
    order by d.area limit 100`.execute(db)
  const grids = rows.flatMap((row) => (row.grid === null ? [] : [row.grid]))
  return grids.find((grid) => grid === wished) ?? grids[0] ?? null
}

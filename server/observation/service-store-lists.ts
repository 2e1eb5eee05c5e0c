import type { AreaCode } from '@weiwang/domain/areas/code'
import type { ServiceList } from '@weiwang/domain/observation/service-api'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, inListOrder, keyIs, keyRows } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Medicine, ServiceRule } from '../core/db/types.ts'
import { countedAt, cut, keysOf, placed } from '../tasks/store-lists.ts'
import type { Counted, Paged, Paging, Where } from '../tasks/store-lists.ts'
import type { ServiceRow } from './service-store.ts'

/** Lists of services, rules and medicines: a page in the list's order, and the exact total of the same filter. */
export type ServiceFilter = Where & {
  list: ServiceList
  now: Date
  from: string
  to: string
  kind?: string | undefined
  urgency?: string | undefined
  householdId?: string | undefined
  personId?: string | undefined
  observationId?: string | undefined
  takenBy?: string | undefined
}

function listed(filter: ServiceFilter): RawBuilder<unknown> {
  switch (filter.list) {
    case 'open':
      return sql`t.ended_at is null`
    case 'unassigned':
      return sql`t.ended_at is null and t.taken_by is null`
    case 'late':
      return sql`t.ended_at is null and t.due_by < ${filter.now}`
    case 'escalated':
      return sql`t.ended_at is null and t.escalated > 0`
    case 'asked':
      return sql`t.asked_day between ${filter.from} and ${filter.to}`
    case 'done':
      return sql`t.ended_at is not null and t.state = 'done' and t.ended_day between ${filter.from} and ${filter.to}`
    case 'ended':
      return sql`t.ended_at is not null and t.state <> 'done' and t.ended_day between ${filter.from} and ${filter.to}`
  }
}

function narrowed(filter: ServiceFilter): RawBuilder<unknown> {
  const parts = [listed(filter), placed(filter)]
  if (filter.kind !== undefined) parts.push(sql`t.kind = ${filter.kind}`)
  if (filter.urgency !== undefined) parts.push(sql`t.urgency = ${filter.urgency}`)
  if (filter.householdId !== undefined) parts.push(sql`t.household_id = ${filter.householdId}::uuid`)
  if (filter.personId !== undefined) parts.push(sql`t.person_id = ${filter.personId}::uuid`)
  if (filter.observationId !== undefined) parts.push(sql`t.observation_id = ${filter.observationId}::uuid`)
  if (filter.takenBy !== undefined) parts.push(sql`t.taken_by = ${filter.takenBy}::uuid`)
  return sql.join(parts, sql` and `)
}

const UrgentPlace = z.tuple([z.number(), z.iso.datetime(), z.uuid()])
const DayPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

type Order = { columns: string[]; down: boolean; after: (cursor: string | undefined) => RawBuilder<unknown> }

function orderOf(list: ServiceList): Order {
  if (list === 'asked' || list === 'done' || list === 'ended') {
    const [day, time] = list === 'asked' ? ['asked_day', 'asked_at'] : ['ended_day', 'ended_at']
    return {
      columns: [day, time, 'id'],
      down: true,
      after: (cursor) => {
        const at = decodeCursor(DayPlace, cursor)
        return at === null
          ? sql`true`
          : sql`(${sql.ref(`t.${day}`)}, ${sql.ref(`t.${time}`)}, t.id) < (${at[0]}::date, ${at[1]}::timestamptz, ${at[2]}::uuid)`
      },
    }
  }
  return {
    columns: ['rank', 'due_by', 'id'],
    down: false,
    after: (cursor) => {
      const at = decodeCursor(UrgentPlace, cursor)
      return at === null
        ? sql`true`
        : sql`(t.rank, t.due_by, t.id) > (${at[0]}::smallint, ${at[1]}::timestamptz, ${at[2]}::uuid)`
    },
  }
}

export async function listServices(db: Db, filter: ServiceFilter, paging: Paging): Promise<Paged<ServiceRow>> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  const order = orderOf(filter.list)
  const by = (alias: string) =>
    sql.raw(order.columns.map((column) => `${alias}.${column}${order.down ? ' desc' : ''}`).join(', '))
  const page = sql<ServiceRow>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.* from service t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${order.after(paging.cursor)}
      order by ${by('t')} limit ${n}
    ) x order by ${by('x')} limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  const counted = await sql<{ n: number }>`select count(*)::int as n from service t where ${narrowed(filter)}`.execute(
    db,
  )
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => {
    if (filter.list === 'asked') return [row.asked_day, row.asked_at.toISOString(), row.id]
    if (order.down) return [row.ended_day ?? '', row.ended_at?.toISOString() ?? '', row.id]
    return [row.rank, row.due_by.toISOString(), row.id]
  })
}

/** What one account was offered, has in hand or has asked for, the soonest due first; asked: the newest first. */
export async function listMine(
  db: Db,
  account: string,
  list: 'offered' | 'taken' | 'asked',
  paging: Paging,
): Promise<Paged<ServiceRow>> {
  const which =
    list === 'offered'
      ? sql`t.offered_to = ${account}::uuid and t.ended_at is null`
      : list === 'taken'
        ? sql`t.taken_by = ${account}::uuid and t.ended_at is null`
        : sql`t.asked_by = ${account}::uuid`
  const down = list === 'asked'
  const at = down ? decodeCursor(DayPlace, paging.cursor) : null
  const up = down ? null : decodeCursor(UrgentPlace, paging.cursor)
  const rest = at
    ? sql`(t.asked_at, t.id) < (${at[1]}::timestamptz, ${at[2]}::uuid)`
    : up
      ? sql`(t.due_by, t.id) > (${up[1]}::timestamptz, ${up[2]}::uuid)`
      : sql`true`
  const order = down ? sql`t.asked_at desc, t.id desc` : sql`t.due_by, t.id`
  const { rows } = await sql<ServiceRow>`
    select t.* from service t where ${which} and ${rest} order by ${order} limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from service t where ${which}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) =>
    down ? [row.asked_day, row.asked_at.toISOString(), row.id] : [row.rank, row.due_by.toISOString(), row.id],
  )
}

export type RoundRow = ServiceRow & { estate: string | null; building: string | null; door: string | null }
const RoundPlace = z.tuple([z.string(), z.string(), z.string(), z.string(), z.uuid()])

/** What goes with one round: in the order of the walk. */
export async function listRound(
  db: Db,
  areas: readonly AreaCode[],
  day: string,
  paging: Paging,
): Promise<Paged<RoundRow>> {
  const from = sql`from service t left join household h on h.county = t.county and h.id = t.household_id
    where t.round_day = ${day} and ${inScope('t.area', areas)} and t.state not in ('refused', 'cancelled')`
  const key = sql`left(t.area, 15), coalesce(h.estate, ''), coalesce(h.building, ''), coalesce(h.door, ''), t.id`
  const after = decodeCursor(RoundPlace, paging.cursor)
  const rest =
    after === null ? sql`true` : sql`(${key}) > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]}, ${after[4]}::uuid)`
  const { rows } = await sql<RoundRow>`
    select t.*, h.estate, h.building, h.door ${from} and ${rest} order by ${key} limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [
    row.area.slice(0, 15),
    row.estate ?? '',
    row.building ?? '',
    row.door ?? '',
    row.id,
  ])
}

export type KindFigure = { kind: string; open: number; late: number }

export async function openByKind(db: Db, areas: readonly AreaCode[], now: Date): Promise<KindFigure[]> {
  const { rows } = await sql<KindFigure>`
    select t.kind, count(*)::int as open, count(*) filter (where t.due_by < ${now})::int as late
    from service t where t.ended_at is null and ${inScope('t.area', areas)} group by 1`.execute(db)
  return rows
}

/** Figures of now, by the first `digits` of the area: one pass over the index of open services. */
export async function openServiceFigures(
  db: Db,
  at: Counted,
  digits: number,
  now: Date,
): Promise<{ code: string; open: number; late: number }[]> {
  const { rows } = await sql<{ code: string; open: number; late: number }>`
    select left(t.area, ${digits}) as code, count(*)::int as open, count(*) filter (where t.due_by < ${now})::int as late
    from service t where t.ended_at is null and ${countedAt(at)} group by 1`.execute(db)
  return rows
}

// ---- Rules ------------------------------------------------------------------------------------------------------------------------

export type RuleRow = Selectable<ServiceRule>

export async function insertRule(db: Db, row: InsertObject<DB, 'service_rule'>): Promise<boolean> {
  const made = await db
    .insertInto('service_rule')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findRule(db: Db, scope: readonly AreaCode[], id: string): Promise<RuleRow | null> {
  const row = await db
    .selectFrom('service_rule')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('service_rule.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function setRule(
  db: Db,
  row: { id: string; county: string },
  set: { next_day: string | null; state?: 'ended'; ended_at?: Date },
): Promise<void> {
  await db.updateTable('service_rule').set(set).where('id', '=', row.id).where('county', '=', row.county).execute()
}

/** Rules of which a day has come to be made: of a round the day after `today`. */
export async function rulesDue(db: Db, today: string, tomorrow: string, limit: number): Promise<RuleRow[]> {
  const { rows } = await sql<RuleRow>`
    select r.* from service_rule r where r.state = 'active'
      and (r.next_day <= ${today}::date or (r.round and r.next_day <= ${tomorrow}::date))
    order by r.next_day, r.id limit ${limit} for update skip locked`.execute(db)
  return rows
}

export async function listRules(
  db: Db,
  filter: {
    areas: readonly AreaCode[]
    state: string
    householdId?: string | undefined
    personId?: string | undefined
  },
  paging: Paging,
): Promise<Paged<RuleRow>> {
  const parts = [sql`t.state = ${filter.state}`, inScope('t.area', filter.areas)]
  if (filter.householdId !== undefined) parts.push(sql`t.household_id = ${filter.householdId}::uuid`)
  if (filter.personId !== undefined) parts.push(sql`t.person_id = ${filter.personId}::uuid`)
  const where = sql.join(parts, sql` and `)
  const after = decodeCursor(z.tuple([z.uuid()]), paging.cursor)
  const rest = after === null ? sql`true` : sql`t.id > ${after[0]}::uuid`
  const { rows } = await sql<RuleRow>`
    select t.* from service_rule t where ${where} and ${rest} order by t.id limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from service_rule t where ${where}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [row.id])
}

// ---- Medicines -------------------------------------------------------------------------------------------------------------------

export type MedicineRow = Selectable<Medicine>

export async function insertMedicine(db: Db, row: InsertObject<DB, 'medicine'>): Promise<boolean> {
  const made = await db
    .insertInto('medicine')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function lockMedicine(db: Db, scope: readonly AreaCode[], id: string): Promise<MedicineRow | null> {
  const row = await db
    .selectFrom('medicine')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('medicine.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function setMedicine(
  db: Db,
  row: { id: string; county: string },
  set: {
    detail_sealed?: Buffer
    runs_out?: string
    asked_for?: string | null
    service_id?: string | null
    updated_at: Date
    ended_at?: Date
  },
): Promise<void> {
  await db.updateTable('medicine').set(set).where('id', '=', row.id).where('county', '=', row.county).execute()
}

export async function listMedicines(
  db: Db,
  filter: { areas: readonly AreaCode[]; until: string; personId?: string | undefined },
  paging: Paging,
): Promise<Paged<MedicineRow>> {
  const parts = [sql`t.ended_at is null`, inScope('t.area', filter.areas)]
  if (filter.personId !== undefined) parts.push(sql`t.person_id = ${filter.personId}::uuid`)
  else parts.push(sql`t.runs_out < ${filter.until}::date`)
  const where = sql.join(parts, sql` and `)
  const after = decodeCursor(z.tuple([z.iso.date(), z.uuid()]), paging.cursor)
  const rest = after === null ? sql`true` : sql`(t.runs_out, t.id) > (${after[0]}::date, ${after[1]}::uuid)`
  const { rows } = await sql<MedicineRow>`
    select t.* from medicine t where ${where} and ${rest} order by t.runs_out, t.id limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from medicine t where ${where}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [row.runs_out, row.id])
}

export async function medicinesNamed(
  db: Db,
  areas: readonly AreaCode[],
  hash: Buffer,
  limit: number,
): Promise<MedicineRow[]> {
  return db
    .selectFrom('medicine')
    .selectAll()
    .where('name_hash', '=', hash)
    .where('ended_at', 'is', null)
    .where(inScope('medicine.area', areas))
    .orderBy('runs_out')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** All of a village, to be opened and compared in memory. */
export async function medicinesIn(db: Db, areas: readonly AreaCode[], limit: number): Promise<MedicineRow[]> {
  return db
    .selectFrom('medicine')
    .selectAll()
    .where('ended_at', 'is', null)
    .where(inScope('medicine.area', areas))
    .orderBy('runs_out')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What these persons take and have enough of until a day at most; which medicine it is stays sealed. */
export async function medicinesOf(db: Db, persons: readonly string[], until: string): Promise<MedicineRow[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<MedicineRow>`
    select m.* from medicine m where m.person_id = any(${[...persons]}::uuid[]) and m.ended_at is null and m.runs_out <= ${until}::date
    order by m.runs_out, m.id limit 500`.execute(db)
  return rows
}

/** Those that end soon and for which nobody was asked yet. */
export async function medicinesDue(db: Db, until: string, limit: number): Promise<MedicineRow[]> {
  const { rows } = await sql<MedicineRow>`
    select m.* from medicine m where m.ended_at is null and m.runs_out <= ${until}::date
      and (m.asked_for is null or m.asked_for <> m.runs_out)
    order by m.runs_out, m.id limit ${limit} for update skip locked`.execute(db)
  return rows
}

/** What is held about one person, room by room, read only (REGISTER-20): short lines, newest first, never more than a page. */
import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export type Total<T> = { rows: T[]; total: number }
const MOST = 200

const ids = (records: readonly string[]) => sql`any(${[...records]}::uuid[])`

export type FactLine = {
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from_day: Day
  to_day: Day
  source_name: Say | null
  recorded_at: Date
}

export async function factsAbout(db: Db, records: readonly string[]): Promise<Total<FactLine>> {
  const { rows } = await sql<FactLine & { total: number }>`
    select f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, s.name as source_name, f.recorded_at, count(*) over ()::int as total
    from fact f left join feed s on s.id = f.source
    where f.person_id = ${ids(records)} and f.withdrawn_at is null order by f.recorded_at desc, f.fact_id limit ${MOST}`.execute(
    db,
  )
  return { rows, total: rows[0]?.total ?? 0 }
}

export type DeniedLine = Omit<FactLine, 'degree' | 'recorded_at'> & { at: Date }

/** What was found to be wrong and counts no more (FEED-42). */
export async function deniedAbout(db: Db, records: readonly string[]): Promise<Total<DeniedLine>> {
  const { rows } = await sql<DeniedLine & { total: number }>`
    select d.kind, d.place, d.value, d.from_day, d.to_day, s.name as source_name, d.at, count(*) over ()::int as total
    from fact_denied d left join feed s on s.id = d.source
    where d.person_id = ${ids(records)} and d.lifted_at is null order by d.at desc, d.id limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type ManualLine = { colour: string | null; reason: string; from_day: Day; until_day: Day; at: Date }

export async function manualAbout(db: Db, records: readonly string[]): Promise<Total<ManualLine>> {
  const { rows } = await sql<ManualLine & { total: number }>`
    select colour, reason, from_day, until_day, at, count(*) over ()::int as total
    from grade_manual where person_id = ${ids(records)} order by at desc, id limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type GradeLine = {
  colour: string | null
  from_day: Day
  until_day: Day | null
  reasons: { say: Say }[]
  recorded_at: Date
}

export async function gradesAbout(db: Db, records: readonly string[]): Promise<Total<GradeLine>> {
  const { rows } = await sql<GradeLine & { total: number }>`
    select colour, from_day, until_day, reasons, recorded_at, count(*) over ()::int as total
    from grade where person_id = ${ids(records)} order by recorded_at desc, n desc limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type ObservationLine = { reference: string; measure: string; opened_day: Day; ended_at: Date | null }

export async function observationsAbout(db: Db, records: readonly string[]): Promise<Total<ObservationLine>> {
  const { rows } = await sql<ObservationLine & { total: number }>`
    select reference, measure, opened_day, ended_at, count(*) over ()::int as total
    from observation where person_id = ${ids(records)} and blanked_at is null order by opened_day desc, id limit ${MOST}`.execute(
    db,
  )
  return { rows, total: rows[0]?.total ?? 0 }
}

export type VisitLine = { day: Day; method: string; result: string; recorded_at: Date }

export async function visitsAbout(db: Db, records: readonly string[]): Promise<Total<VisitLine>> {
  const { rows } = await sql<VisitLine & { total: number }>`
    select v.day, v.method, v.result, v.recorded_at, count(*) over ()::int as total
    from visit_person p join visit v on v.county = p.county and v.id = p.visit_id
    where p.person_id = ${ids(records)} order by v.day desc, v.recorded_at desc limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type ReadingLine = {
  day: Day
  part: string
  how: string
  temperature: number | null
  symptoms: string[]
  mood: string | null
  recorded_at: Date
}

export async function readingsAbout(db: Db, records: readonly string[]): Promise<Total<ReadingLine>> {
  const { rows } = await sql<ReadingLine & { total: number }>`
    select day, part, how, temperature, symptoms, mood, recorded_at, count(*) over ()::int as total
    from reading where person_id = ${ids(records)} order by recorded_at desc, id limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type ServiceLine = { kind: string; state: string; rule: boolean; at: Date; until: Day | null }

/** What was asked for, what is brought again and again, and the medicines that somebody looks after. */
export async function servicesAbout(db: Db, records: readonly string[]): Promise<Total<ServiceLine>> {
  const { rows } = await sql<ServiceLine & { total: number }>`
    select x.*, count(*) over ()::int as total from (
      select kind, state, false as rule, asked_at as at, null::date as until from service where person_id = ${ids(records)}
      union all select kind, state, true, made_at, to_day from service_rule where person_id = ${ids(records)}
      union all select 'medicine', case when ended_at is null then 'active' else 'ended' end, true, made_at, runs_out
        from medicine where person_id = ${ids(records)}) x
    order by x.at desc limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type TaskLine = {
  kind: string
  state: string
  disposition: string | null
  reference: string
  reasons: { say: Say }[]
  at: Date
}

/** Checks and calls that somebody was sent for, from lists or from a gate. */
export async function tasksAbout(db: Db, records: readonly string[]): Promise<Total<TaskLine>> {
  const { rows } = await sql<TaskLine & { total: number }>`
    select kind, state, disposition, reference, reasons, opened_at as at, count(*) over ()::int as total
    from task where person_id = ${ids(records)} order by opened_at desc, id limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type PassLine = { number: string; reason: string; issued_at: Date; until_at: Date; revoked_at: Date | null }

export async function passesAbout(db: Db, records: readonly string[]): Promise<Total<PassLine>> {
  const { rows } = await sql<PassLine & { total: number }>`
    select number, reason, issued_at, until_at, revoked_at, count(*) over ()::int as total
    from hardship_pass where person_id = ${ids(records)} order by issued_at desc, id limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type CodeLine = { trigger: string; to_state: string; from_day: Day; until_day: Day | null; at: Date }

export async function codesAbout(db: Db, records: readonly string[]): Promise<Total<CodeLine>> {
  const { rows } = await sql<CodeLine & { total: number }>`
    select trigger, to_state, from_day, until_day, at, count(*) over ()::int as total
    from code_event where person_id = ${ids(records)} order by at desc, n desc limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

/** When a key of another account was tried for this person's code (CODE-12). */
export async function misuseAbout(db: Db, records: readonly string[]): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select at from code_misuse where person_id = ${ids(records)} order by at desc limit ${MOST}`.execute(db)
  return rows.map((row) => row.at)
}

export type ResidenceLine = { area: string; kind: string; source: string; from_day: Day; to_day: Day | null }

export async function residencesAbout(db: Db, records: readonly string[]): Promise<Total<ResidenceLine>> {
  const { rows } = await sql<ResidenceLine & { total: number }>`
    select area, kind, source, from_day, to_day, count(*) over ()::int as total
    from residence where person_id = ${ids(records)} order by from_day desc, recorded_at desc limit ${MOST}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

export type OpenedRow = {
  at: Date
  area: string
  verb: string
  purpose: string | null
  actor: string | null
  roles: string[]
}

const MOST_OPENED = 10_000

/** Lines of the trail that name one of these records as opened, of others than the owner; the roles their account holds now. */
export async function openingsOf(
  db: Db,
  of: { records: readonly string[]; owners: readonly string[]; before: Date | null; limit: number },
): Promise<{ rows: OpenedRow[]; total: number; more: boolean }> {
  const names = sql<boolean>`a.ids <> '{}' and a.ids && ${[...of.records]}::uuid[] and a.outcome = 'done'
    and (a.actor is null or a.actor <> all(${[...of.owners]}::uuid[]))`
  const before = of.before === null ? sql<boolean>`true` : sql<boolean>`a.at < ${of.before}::timestamptz`
  const { rows } = await sql<OpenedRow>`
    select a.at, a.area, a.verb, a.purpose, a.actor, array(select role from account_role r where r.account_id = a.actor order by role) as roles
    from audit a where ${names} and ${before} order by a.at desc limit ${of.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from audit a where ${names} limit ${MOST_OPENED}) c`.execute(db)
  return { rows: rows.slice(0, of.limit), total: count.rows[0]?.n ?? 0, more: rows.length > of.limit }
}

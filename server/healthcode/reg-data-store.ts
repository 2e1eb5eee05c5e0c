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

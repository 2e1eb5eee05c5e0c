/** What is held about one person, room by room, read only (REGISTER-20): short lines, newest first, page by page. */
import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { withStates } from './objection-store.ts'
import type { LoadedObjection, ObjectionRow } from './objection-store.ts'
import type { ReturnRow } from './reg-return-store.ts'
import type { ChangeRow, DeclarationRow } from './reg-store.ts'

export type Total<T> = { rows: T[]; total: number }
/** Rows of a kind that stand on one page. */
export const ROWS = 200

/** One page of what is held, the newest first, and how many there are. `from` begins with the word. */
export async function pageOf<T>(
  db: Db,
  of: { select: RawBuilder<unknown>; from: RawBuilder<unknown>; order: RawBuilder<unknown> },
  page: number,
): Promise<Total<T>> {
  const { rows } = await sql<T>`
    select ${of.select} ${of.from} order by ${of.order} limit ${ROWS} offset ${page * ROWS}`.execute(db)
  if (page === 0 && rows.length < ROWS) return { rows, total: rows.length }
  const count = await sql<{ n: number }>`select count(*)::int as n ${of.from}`.execute(db)
  return { rows, total: count.rows[0]?.n ?? 0 }
}

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

export function factsAbout(db: Db, records: readonly string[], page: number): Promise<Total<FactLine>> {
  return pageOf(
    db,
    {
      select: sql`f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, s.name as source_name, f.recorded_at`,
      from: sql`from fact f left join feed s on s.id = f.source where f.person_id = ${ids(records)} and f.withdrawn_at is null`,
      order: sql`f.recorded_at desc, f.fact_id`,
    },
    page,
  )
}

export type DeniedLine = Omit<FactLine, 'degree' | 'recorded_at'> & { at: Date }

/** What was found to be wrong and counts no more (FEED-42). */
export function deniedAbout(db: Db, records: readonly string[], page: number): Promise<Total<DeniedLine>> {
  return pageOf(
    db,
    {
      select: sql`d.kind, d.place, d.value, d.from_day, d.to_day, s.name as source_name, d.at`,
      from: sql`from fact_denied d left join feed s on s.id = d.source where d.person_id = ${ids(records)} and d.lifted_at is null`,
      order: sql`d.at desc, d.id`,
    },
    page,
  )
}

export type ManualLine = { colour: string | null; reason: string; from_day: Day; until_day: Day; at: Date }

export function manualAbout(db: Db, records: readonly string[], page: number): Promise<Total<ManualLine>> {
  return pageOf(
    db,
    {
      select: sql`colour, reason, from_day, until_day, at`,
      from: sql`from grade_manual where person_id = ${ids(records)}`,
      order: sql`at desc, id`,
    },
    page,
  )
}

export type GradeLine = {
  colour: string | null
  from_day: Day
  until_day: Day | null
  reasons: { say: Say }[]
  recorded_at: Date
}

export function gradesAbout(db: Db, records: readonly string[], page: number): Promise<Total<GradeLine>> {
  return pageOf(
    db,
    {
      select: sql`colour, from_day, until_day, reasons, recorded_at`,
      from: sql`from grade where person_id = ${ids(records)}`,
      order: sql`recorded_at desc, n desc, person_id`,
    },
    page,
  )
}

export type ObservationLine = { reference: string; measure: string; opened_day: Day; ended_at: Date | null }

export function observationsAbout(db: Db, records: readonly string[], page: number): Promise<Total<ObservationLine>> {
  return pageOf(
    db,
    {
      select: sql`reference, measure, opened_day, ended_at`,
      from: sql`from observation where person_id = ${ids(records)} and blanked_at is null`,
      order: sql`opened_day desc, id`,
    },
    page,
  )
}

export type VisitLine = { day: Day; method: string; result: string; recorded_at: Date }

export function visitsAbout(db: Db, records: readonly string[], page: number): Promise<Total<VisitLine>> {
  return pageOf(
    db,
    {
      select: sql`v.day, v.method, v.result, v.recorded_at`,
      from: sql`from visit_person p join visit v on v.county = p.county and v.id = p.visit_id where p.person_id = ${ids(records)}`,
      order: sql`v.day desc, v.recorded_at desc, v.id`,
    },
    page,
  )
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

export function readingsAbout(db: Db, records: readonly string[], page: number): Promise<Total<ReadingLine>> {
  return pageOf(
    db,
    {
      select: sql`day, part, how, temperature, symptoms, mood, recorded_at`,
      from: sql`from reading where person_id = ${ids(records)}`,
      order: sql`recorded_at desc, id`,
    },
    page,
  )
}

export type ServiceLine = { kind: string; state: string; rule: boolean; at: Date; until: Day | null }

/** What was asked for, what is brought again and again, and the medicines that somebody looks after. */
export function servicesAbout(db: Db, records: readonly string[], page: number): Promise<Total<ServiceLine>> {
  return pageOf(
    db,
    {
      select: sql`x.kind, x.state, x.rule, x.at, x.until`,
      from: sql`from (
        select id, kind, state, false as rule, asked_at as at, null::date as until from service where person_id = ${ids(records)}
        union all select id, kind, state, true, made_at, to_day from service_rule where person_id = ${ids(records)}
        union all select id, 'medicine', case when ended_at is null then 'active' else 'ended' end, true, made_at, runs_out
          from medicine where person_id = ${ids(records)}) x`,
      order: sql`x.at desc, x.id`,
    },
    page,
  )
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
export function tasksAbout(db: Db, records: readonly string[], page: number): Promise<Total<TaskLine>> {
  return pageOf(
    db,
    {
      select: sql`kind, state, disposition, reference, reasons, opened_at as at`,
      from: sql`from task where person_id = ${ids(records)}`,
      order: sql`opened_at desc, id`,
    },
    page,
  )
}

export type PassLine = { number: string; reason: string; issued_at: Date; until_at: Date; revoked_at: Date | null }

export function passesAbout(db: Db, records: readonly string[], page: number): Promise<Total<PassLine>> {
  return pageOf(
    db,
    {
      select: sql`number, reason, issued_at, until_at, revoked_at`,
      from: sql`from hardship_pass where person_id = ${ids(records)}`,
      order: sql`issued_at desc, id`,
    },
    page,
  )
}

export type CodeLine = { trigger: string; to_state: string; from_day: Day; until_day: Day | null; at: Date }

export function codesAbout(db: Db, records: readonly string[], page: number): Promise<Total<CodeLine>> {
  return pageOf(
    db,
    {
      select: sql`trigger, to_state, from_day, until_day, at`,
      from: sql`from code_event where person_id = ${ids(records)}`,
      order: sql`at desc, n desc, person_id`,
    },
    page,
  )
}

/** When a key of another account was tried for this person's code (CODE-12). */
export function misuseAbout(db: Db, records: readonly string[], page: number): Promise<Total<{ at: Date }>> {
  return pageOf(
    db,
    { select: sql`at`, from: sql`from code_misuse where person_id = ${ids(records)}`, order: sql`at desc, id` },
    page,
  )
}

export type ResidenceLine = { area: string; kind: string; source: string; from_day: Day; to_day: Day | null }

export function residencesAbout(db: Db, records: readonly string[], page: number): Promise<Total<ResidenceLine>> {
  return pageOf(
    db,
    {
      select: sql`area, kind, source, from_day, to_day`,
      from: sql`from residence where person_id = ${ids(records)}`,
      order: sql`from_day desc, recorded_at desc, id`,
    },
    page,
  )
}

export function declarationsAbout(db: Db, records: readonly string[], page: number): Promise<Total<DeclarationRow>> {
  const from = sql`from declaration where person_id = ${ids(records)}`
  return pageOf(db, { select: sql`*`, from, order: sql`at desc, n desc, id` }, page)
}

export function returnsAbout(db: Db, records: readonly string[], page: number): Promise<Total<ReturnRow>> {
  const from = sql`from return_registration where person_id = ${ids(records)}`
  return pageOf(db, { select: sql`*`, from, order: sql`created_at desc, id` }, page)
}

/** What was corrected, and when. */
export function changesAbout(
  db: Db,
  records: readonly string[],
  page: number,
): Promise<Total<Pick<ChangeRow, 'field' | 'at'>>> {
  const from = sql`from registration_change where person_id = ${ids(records)}`
  return pageOf(db, { select: sql`field, at`, from, order: sql`at desc, id` }, page)
}

export async function objectionsAbout(
  db: Db,
  records: readonly string[],
  page: number,
): Promise<Total<LoadedObjection>> {
  const from = sql`from objection where person_id = ${ids(records)}`
  const { rows, total } = await pageOf<ObjectionRow>(db, { select: sql`*`, from, order: sql`opened_at desc, id` }, page)
  return { rows: await withStates(db, rows), total }
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

/** Lines of the trail, and acts at gates, that name one of these records as opened, of others than the owner; the roles their account holds now. */
export async function openingsOf(
  db: Db,
  of: {
    records: readonly string[]
    /** GATE-15: what acts at gates name somebody by. */
    marks: readonly Buffer[]
    owners: readonly string[]
    before: Date | null
    limit: number
  },
): Promise<{ rows: OpenedRow[]; total: number; more: boolean }> {
  const others = sql<boolean>`(a.actor is null or a.actor <> all(${[...of.owners]}::uuid[]))`
  const lines = sql`(
    select a.at, a.area, a.verb, a.purpose, a.actor from audit a
    where a.ids <> '{}' and a.ids && ${[...of.records]}::uuid[] and a.outcome = 'done' and ${others}
    union all
    select a.at, a.area, a.verb, a.purpose, a.actor from gate_named a where a.mark = any(${[...of.marks]}::bytea[]) and ${others})`
  const before = of.before === null ? sql<boolean>`true` : sql<boolean>`l.at < ${of.before}::timestamptz`
  const { rows } = await sql<OpenedRow>`
    select l.*, array(select role from account_role r where r.account_id = l.actor order by role) as roles
    from ${lines} l where ${before} order by l.at desc limit ${of.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from ${lines} l limit ${MOST_OPENED}) c`.execute(db)
  return { ...cutBefore(rows, of.limit), total: count.rows[0]?.n ?? 0 }
}

/** Whoever goes on asks for what lies before the last moment: lines of one moment are not parted. */
function cutBefore(rows: readonly OpenedRow[], limit: number): { rows: OpenedRow[]; more: boolean } {
  const over = rows[limit]
  if (!over) return { rows: [...rows], more: false }
  const before = rows.filter((row) => row.at > over.at)
  return { rows: before.length > 0 ? before : rows.slice(0, limit), more: true }
}

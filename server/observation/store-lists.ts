import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { ObservationList } from '@weiwang/domain/observation/api'
import { STEPS } from '@weiwang/domain/observation/fold'
import type { Step } from '@weiwang/domain/observation/fold'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, inListOrder, keyRows, pageKeys } from '../core/db/keyed-page.ts'
import { atCodes, inScope } from '../core/db/scope.ts'
import { cut } from '../tasks/store-lists.ts'
import type { Paged, Paging, Where } from '../tasks/store-lists.ts'
import type { ObservationRow } from './store.ts'

/** Lists and figures of observations: a page in the list's order and the exact total of the same filter. */
export type By = 'responsible' | 'stay'

/** The moment as days, so that a list, its total and the figure ask the database the same question (case 66). */
export type Moment = { today: string; lapsed: string }

export type ObservationFilter = Where &
  Moment & {
    by: By
    list: ObservationList
    from: string
    to: string
    step?: Step | undefined
    state?: string | undefined
    measure?: string | undefined
    endDay?: string | undefined
    checked?: boolean | undefined
    householdId?: string | undefined
    groupId?: string | undefined
    personIds?: readonly string[] | undefined
    teamId?: string | undefined
  }

const COLUMN: Record<By, { area: string; county: string; village: string }> = {
  responsible: { area: 't.responsible_area', county: 't.responsible_county', village: 't.responsible_village' },
  stay: { area: 't.area', county: 't.county', village: 't.village' },
}

function placed(filter: Where & { by: By }): RawBuilder<boolean> {
  const { plus = [], minus = [] } = filter
  const column = COLUMN[filter.by].area
  const scope = inScope(column, filter.areas)
  const here = filter.own ? sql<boolean>`(${scope} and ${sql.ref(column)} = ${filter.areas[0] ?? ''})` : scope
  const kept = minus.length === 0 ? here : sql<boolean>`(${here} and not ${atCodes(column, minus)})`
  return plus.length === 0 ? kept : sql<boolean>`(${kept} or ${atCodes(column, plus)})`
}

const OPEN = sql`t.ended_at is null`

/** OBS-3, OBS-20 as conditions on days; the same words as ObservationList. */
function listed(list: ObservationList, at: Moment & { from: string; to: string }): RawBuilder<unknown> {
  switch (list) {
    case 'open':
      return OPEN
    case 'observed':
      return sql`${OPEN} and t.start_day <= ${at.today}::date and t.due >= ${at.today}::date`
    case 'release_due':
      return sql`${OPEN} and t.due <= ${at.today}::date and t.due > ${at.lapsed}::date`
    case 'lapsed':
      return sql`${OPEN} and t.due <= ${at.lapsed}::date`
    case 'undated':
      return sql`${OPEN} and t.end_day is null`
    case 'care':
      return sql`${OPEN} and t.in_care`
    case 'breach':
      return sql`${OPEN} and t.in_breach`
    case 'shortening':
      return sql`${OPEN} and t.shortening`
    case 'outing_asked':
      return sql`${OPEN} and t.outing_asked`
    case 'out':
      return sql`${OPEN} and t.outing_open`
    case 'unanswered':
      return sql`${OPEN} and t.unanswered`
    case 'follow_up':
      return sql`t.follow_up_day <= ${at.today}::date`
    case 'opened':
      return sql`t.opened_day between ${at.from} and ${at.to} and t.opened_from <> 'transfer' and t.outcome is distinct from 'cancelled'`
    case 'released':
      return sql`t.ended_day between ${at.from} and ${at.to} and t.outcome = 'released'`
    case 'lapsed_on':
      return sql`t.lapsed_day between ${at.from} and ${at.to} and t.outcome is distinct from 'cancelled'`
    case 'ended':
      return sql`t.ended_day between ${at.from} and ${at.to}`
    case 'transferred_out':
      return sql`t.ended_day between ${at.from} and ${at.to} and t.outcome = 'transferred'`
    case 'transferred_in':
      return sql`t.opened_day between ${at.from} and ${at.to} and t.opened_from = 'transfer' and t.outcome is distinct from 'cancelled'`
  }
}

/** OBS-7: the papers' step while the days run, `release` once the last day has come; `serve` beside them. */
function atStep(step: Step, today: string): RawBuilder<unknown> {
  if (step === 'serve') return sql`t.services_open > 0`
  if (step === 'release') return sql`t.due <= ${today}::date`
  return sql`t.step = ${step} and t.due > ${today}::date`
}

function narrowed(filter: ObservationFilter): RawBuilder<unknown> {
  const parts = [listed(filter.list, filter), placed(filter)]
  if (filter.step !== undefined) parts.push(atStep(filter.step, filter.today))
  if (filter.state !== undefined) parts.push(sql`t.state = ${filter.state}`)
  if (filter.measure !== undefined) parts.push(sql`t.measure = ${filter.measure}`)
  if (filter.endDay !== undefined) parts.push(sql`t.end_day = ${filter.endDay}::date`)
  if (filter.checked !== undefined) parts.push(sql`t.release_checked = ${filter.checked}`)
  if (filter.householdId !== undefined) parts.push(sql`t.household_id = ${filter.householdId}::uuid`)
  if (filter.groupId !== undefined) parts.push(sql`t.group_id = ${filter.groupId}::uuid`)
  if (filter.personIds !== undefined) parts.push(sql`t.person_id = any(${[...filter.personIds]}::uuid[])`)
  if (filter.teamId !== undefined) parts.push(sql`t.team_id = ${filter.teamId}::uuid`)
  return sql.join(parts, sql` and `)
}

/** Lists of a span go newest first, by the day on which it happened. */
const DAY_OF: Partial<Record<ObservationList, string>> = {
  opened: 't.opened_day',
  released: 't.ended_day',
  lapsed_on: 't.lapsed_day',
  ended: 't.ended_day',
  transferred_out: 't.ended_day',
  transferred_in: 't.opened_day',
}

const Place = z.tuple([z.iso.date(), z.uuid()])

export type Listed = ObservationRow & { listed_day: string }

async function pageRows(db: Db, filter: ObservationFilter, paging: Paging): Promise<Listed[]> {
  const n = paging.limit + 1
  const keys = await pageKeys(db, [...filter.areas, ...(filter.plus ?? [])], filter.own)
  const key = sql.ref(COLUMN[filter.by][keys.by])
  const flow = DAY_OF[filter.list]
  const day = sql.ref(flow ?? 't.due')
  const after = decodeCursor(Place, paging.cursor)
  const sign = flow === undefined ? sql`>` : sql`<`
  const rest = after === null ? sql`true` : sql`(${day}, t.id) ${sign} (${after[0]}::date, ${after[1]}::uuid)`
  const order = flow === undefined ? sql`asc` : sql`desc`
  const { rows } = await sql<Listed>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.*, ${day} as listed_day from observation t where ${key} = k.key and ${narrowed(filter)} and ${rest}
      order by ${day} ${order}, t.id ${order} limit ${n}
    ) x order by x.listed_day ${order}, x.id ${order} limit ${n}`.execute(db)
  return rows
}

export async function listObservations(db: Db, filter: ObservationFilter, paging: Paging): Promise<Paged<Listed>> {
  const rows = await inListOrder(db, () => pageRows(db, filter, paging))
  const { rows: counted } = await sql<{
    n: number
  }>`select count(*)::int as n from observation t where ${narrowed(filter)}`.execute(db)
  return cut(rows, paging.limit, counted[0]?.n ?? 0, (row) => [row.listed_day, row.id])
}

/** The lists of the board, as they stand on it. */
export const BOARD = [
  'observed',
  'release_due',
  'lapsed',
  'undated',
  'care',
  'breach',
  'shortening',
  'outing_asked',
  'out',
  'unanswered',
  'follow_up',
  'open',
] as const satisfies ObservationList[]

export type BoardCounts = Record<(typeof BOARD)[number], number> & {
  steps: Record<Step, number>
  measures: Record<string, number>
}

const BoardRow = z.record(z.string(), z.number())

/** Every number of the board in one reading of the open ones: no list differs from its number by a moment. */
export async function boardCounts(db: Db, where: Where & Moment & { by: By }): Promise<BoardCounts> {
  const at = { ...where, from: where.today, to: where.today }
  const count = (list: ObservationList) => sql`count(*) filter (where ${listed(list, at)})::int as ${sql.ref(list)}`
  const step = (one: Step) => sql`count(*) filter (where ${atStep(one, where.today)})::int as ${sql.ref(`step_${one}`)}`
  const measure = (one: string) => sql`count(*) filter (where t.measure = ${one})::int as ${sql.ref(one)}`
  const measures = ['home_quarantine', 'home_monitoring', 'self_monitoring'] as const
  // Follow-up calls are about those that have ended.
  const ofOpen = BOARD.filter((list) => list !== 'follow_up')
  const { rows } = await sql<Record<string, number>>`
    select ${sql.join([...ofOpen.map(count), ...STEPS.map(step), ...measures.map(measure)])}
    from observation t where ${OPEN} and ${placed(where)}`.execute(db)
  const row = BoardRow.parse(rows[0] ?? {})
  const of = (name: string): number => row[name] ?? 0
  const { rows: calls } = await sql<{ n: number }>`
    select count(*)::int as n from observation t where ${listed('follow_up', at)} and ${placed(where)}`.execute(db)
  return {
    open: of('open'),
    observed: of('observed'),
    release_due: of('release_due'),
    lapsed: of('lapsed'),
    undated: of('undated'),
    care: of('care'),
    breach: of('breach'),
    shortening: of('shortening'),
    outing_asked: of('outing_asked'),
    out: of('out'),
    unanswered: of('unanswered'),
    follow_up: calls[0]?.n ?? 0,
    steps: {
      notify: of('step_notify'),
      agree: of('step_agree'),
      bind: of('step_bind'),
      check: of('step_check'),
      serve: of('step_serve'),
      guard: of('step_guard'),
      release: of('step_release'),
    },
    measures: Object.fromEntries(measures.map((one) => [one, of(one)])),
  }
}

export type CalendarRow = { day: string; ends: number; checked: number; released: number }

export async function calendar(
  db: Db,
  where: Where & { by: By },
  span: { from: string; to: string },
): Promise<CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    select t.end_day as day, count(*) filter (where t.ended_at is null)::int as ends,
      count(*) filter (where t.ended_at is null and t.release_checked)::int as checked,
      count(*) filter (where t.outcome = 'released')::int as released
    from observation t where t.end_day between ${span.from} and ${span.to} and ${placed(where)}
      and (t.ended_at is null or t.outcome = 'released')
    group by t.end_day order by t.end_day`.execute(db)
  const found = new Map(rows.map((row) => [row.day, row]))
  const days: CalendarRow[] = []
  for (let day = span.from; day <= span.to; day = addDays(day, 1))
    days.push(found.get(day) ?? { day, ends: 0, checked: 0, released: 0 })
  return days
}

/** Figures of now by area below (STAT-2): `code` is the responsible area cut to `digits`. */
export type NowFigure = { code: string; observed: number; release_due: number; lapsed: number }

export async function nowFigures(
  db: Db,
  at: { area: AreaCode } | { codes: readonly AreaCode[] },
  digits: number,
  moment: Moment,
): Promise<NowFigure[]> {
  const here = 'area' in at ? inScope('t.responsible_area', [at.area]) : atCodes('t.responsible_area', at.codes)
  const span = { ...moment, from: moment.today, to: moment.today }
  const count = (list: ObservationList) => sql`count(*) filter (where ${listed(list, span)})::int as ${sql.ref(list)}`
  const { rows } = await sql<NowFigure>`
    select left(t.responsible_area, ${digits}) as code, ${sql.join([count('observed'), count('release_due'), count('lapsed')])}
    from observation t where ${OPEN} and ${here} group by 1`.execute(db)
  return rows
}

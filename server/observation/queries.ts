import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { daysBetween } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { STEPS, Step as StepSchema, ObservationStateName, daysOf, stateOf } from '@weiwang/domain/observation/fold'
import type { Step } from '@weiwang/domain/observation/fold'
import { HEALTH_LISTS, HEALTH_STATES, shownHistory, shownState } from '@weiwang/domain/observation/shown'
import type { Sees } from '@weiwang/domain/observation/shown'
import type {
  Board,
  Calendar,
  ListObservations,
  ObservationCard,
  ObservationDetail,
  StepName,
} from '@weiwang/domain/observation/api'
import { StepBody } from '@weiwang/domain/observation/api'
import { dayStrip, lapsedThrough, standing } from '@weiwang/domain/observation/dates'
import { Measure, MEASURE_RULES, MEASURES } from '@weiwang/domain/observation/measure'
import { stepRefusal, stepRight } from '@weiwang/domain/observation/steps'
import { LIST_NAMES, STEP_NAMES } from '@weiwang/domain/observation/words'
import { badSpan } from '@weiwang/domain/tasks/problems'
import { doorFields } from '@weiwang/domain/teams/template'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { mergedInto, resolveAlias } from '../people/store.ts'
import { areasOf, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames, lineOf } from '../access/names.ts'
import { doorsOf } from '../tasks/store.ts'
import { whenOf } from './actions.ts'
import { findObservation, findPaper, groupOf, history, loadedOf } from './store.ts'
import type { Loaded, ObservationRow } from './store.ts'
import { BOARD, boardCounts, calendar, listObservations } from './store-lists.ts'
import type { Moment } from './store-lists.ts'

/** Reads of observations: lists, board, calendar, one with its history. What time says is said at the moment of the answer. */
const MOST_CALENDAR = 62

export function momentOf(ctx: Ctx): Moment {
  return { today: ctx.today, lapsed: lapsedThrough(ctx.now, ctx.zone) }
}

function permitRead(ctx: Ctx, areas: readonly AreaCode[]): void {
  for (const area of areas) permit(ctx, 'read', { kind: 'observation', area })
}

/** OBS-26, in one place for lists, board and the one observation. */
function seesAt(ctx: Ctx, area: AreaCode): Sees {
  const health = may(ctx, 'open', { kind: 'observation', area })
  return { health, conditions: health || doorFields(ctx.actor.roles).includes('conditions') }
}

/** By the place of stay; the area that counts somebody who stays elsewhere sees as it does its own (case 17). */
function areaSeen(ctx: Ctx, row: ObservationRow): AreaCode {
  return ctx.scope.some((mine) => contains(mine, row.area)) ? row.area : row.responsible_area
}

/** The one word of a row; where health is not for the reader, the papers' word. */
function stateFor(ctx: Ctx, row: ObservationRow): ObservationStateName {
  const name = ObservationStateName.parse(row.state)
  const sees = seesAt(ctx, areaSeen(ctx, row))
  return sees.health || !HEALTH_STATES.includes(name) ? name : stateOf(shownState(loadedOf(row).state, sees))
}

/** The days of a row, for dates.ts. */
function days(row: ObservationRow) {
  return {
    exposureDay: row.exposure_day,
    startDay: row.start_day,
    endDay: row.end_day,
    from: row.count_from === 'start' ? ('start' as const) : ('exposure' as const),
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}

/** OBS-7: once the last day has come the turn is the release's; then a breach, a service, the papers. */
function stepNow(row: ObservationRow, today: string): Step {
  if (row.end_day !== null && row.end_day <= today) return 'release'
  return StepSchema.parse(row.step)
}

export async function presentCards(ctx: Ctx, rows: readonly ObservationRow[]): Promise<ObservationCard[]> {
  const names = await areaNames(
    ctx.db,
    rows.flatMap((row) => [row.area, row.responsible_area]),
  )
  const doors = await doorsOf(
    ctx.db,
    rows.map((row) => ({ county: row.county, id: row.household_id })),
  )
  return rows.map((row) => {
    const { phase, day, of, left, lapsesAt } = standing(days(row), ctx.now, ctx.zone)
    return {
      id: row.id,
      county: row.county,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      responsibleArea: row.responsible_area,
      responsibleAreaName: names.get(row.responsible_area) ?? row.responsible_area,
      personId: row.person_id,
      householdId: row.household_id,
      groupId: row.group_id,
      masked: row.masked,
      door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
      measure: Measure.parse(row.measure),
      reason: row.reason,
      state: stateFor(ctx, row),
      step: stepNow(row, ctx.today),
      exposureDay: row.exposure_day,
      startDay: row.start_day,
      endDay: row.end_day,
      standing: { phase, day, of, left, lapsesAt: lapsesAt?.toISOString() ?? null },
      teamId: row.team_id,
      missed: row.missed,
      reference: row.reference,
      openedAt: row.opened_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      updatedAt: row.updated_at.toISOString(),
      version: row.version,
    }
  })
}

/** A person under every record that was merged into it (PEOPLE-9). */
async function recordsOf(ctx: Ctx, personId: string): Promise<string[]> {
  const roots = await resolveAlias(ctx.db, [personId])
  const root = roots.get(personId) ?? personId
  return [root, ...(await mergedInto(ctx.db, root))]
}

export async function readObservations(ctx: Ctx, args: ListObservations) {
  const place = await placeOf(ctx, args)
  permitRead(ctx, place.areas)
  // Whoever is in such a list is ill: asked for by those alone who may know it (OBS-26).
  if (HEALTH_LISTS.includes(args.list) || (args.state !== undefined && HEALTH_STATES.includes(args.state)))
    for (const area of place.areas) permit(ctx, 'open', { kind: 'observation', area })
  const page = await listObservations(
    ctx.db,
    {
      ...place,
      ...momentOf(ctx),
      ...spanOf(ctx, args),
      by: args.by,
      list: args.list,
      step: args.step,
      state: args.state,
      measure: args.measure,
      endDay: args.endDay,
      checked: args.checked,
      householdId: args.householdId,
      groupId: args.groupId,
      personIds: args.personId === undefined ? undefined : await recordsOf(ctx, args.personId),
      teamId: args.teamId,
    },
    args,
  )
  return { items: await presentCards(ctx, page.rows), next: page.next, total: page.total }
}

type Asked = { area?: string | undefined; by: 'responsible' | 'stay' }

export async function readBoard(ctx: Ctx, args: Asked): Promise<Board> {
  const areas = areasOf(ctx, args.area)
  permitRead(ctx, areas)
  const sees = areas.every((area) => seesAt(ctx, area).health)
  const counts = await boardCounts(ctx.db, { areas, own: false, ...momentOf(ctx), by: args.by })
  const query = (more: Record<string, string>) => ({
    ...(args.area === undefined ? {} : { area: args.area }),
    by: args.by,
    ...more,
  })
  return {
    today: ctx.today,
    steps: STEPS.map((step) => {
      return { step, say: STEP_NAMES[step], n: counts.steps[step], query: query({ list: 'open', step }) }
    }),
    lists: BOARD.filter((list) => sees || !HEALTH_LISTS.includes(list)).map((list) => ({
      list,
      say: LIST_NAMES[list],
      n: counts[list],
      query: query({ list }),
    })),
    measures: MEASURES.map((measure) => ({
      measure,
      say: MEASURE_RULES[measure].say,
      n: counts.measures[measure] ?? 0,
      query: query({ list: 'open', measure }),
    })),
  }
}

export async function readCalendar(ctx: Ctx, args: Asked & { from: string; to: string }): Promise<Calendar> {
  const { from, to } = args
  if (from > to || daysBetween(from, to) >= MOST_CALENDAR) throw badSpan({ from, to, most: MOST_CALENDAR })
  const areas = areasOf(ctx, args.area)
  permitRead(ctx, areas)
  return { days: await calendar(ctx.db, { areas, own: false, by: args.by }, { from, to }) }
}

/** Every step there is, from the wire shape itself. */
const STEP_WORDS: readonly StepName[] = StepBody.options.map((option) => option.shape.step.value)

async function photoOf(ctx: Ctx, { row, state }: Loaded): Promise<ObservationDetail['photo']> {
  const id = state.commitment?.photoId ?? null
  return id === null ? null : { id, here: (await findPaper(ctx.db, row.county, row.id, id)) !== null }
}

export async function readObservation(ctx: Ctx, id: string): Promise<ObservationDetail> {
  const loaded = await findObservation(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'observation' })
  const { row, state } = loaded
  permit(ctx, 'read', { kind: 'observation', area: areaSeen(ctx, row) })
  const [card] = await presentCards(ctx, [row])
  if (!card) throw notFound({ thing: 'observation' })
  const lines = await history(ctx.db, row.county, row.id)
  const people = await accountNames(
    ctx.db,
    lines.map((line) => line.by),
  )
  const group = row.group_id === null ? [] : await groupOf(ctx.db, row.county, row.group_id)
  const when = whenOf(ctx)
  const sees = seesAt(ctx, areaSeen(ctx, row))
  return {
    ...card,
    root: row.root,
    current: shownState(state, sees),
    photo: await photoOf(ctx, loaded),
    strip: dayStrip(daysOf(state), ctx.now, ctx.zone),
    group: group.flatMap((one) =>
      one.row.id === row.id
        ? []
        : [{ id: one.row.id, masked: one.row.masked, state: stateFor(ctx, one.row), endDay: one.state.endDay }],
    ),
    may: STEP_WORDS.filter((step) => {
      const { verb, kind } = stepRight(step)
      const by = step === 'decide_shorten' ? { by: state.shortening?.by ?? null } : {}
      return may(ctx, verb, { kind, area: row.area, ...by }) && stepRefusal(state, step, when) === null
    }),
    history: shownHistory(
      lines.map((line) => ({
        ...lineOf(line, people),
        area: line.area,
        body: z.record(z.string(), z.unknown()).catch({}).parse(line.body),
      })),
      sees,
    ),
  }
}

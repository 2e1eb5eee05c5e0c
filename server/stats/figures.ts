import { childLength, cutTo, levelOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Organised } from '@weiwang/domain/areas/api'
import { foldOf, isFolded } from '@weiwang/domain/areas/fold'
import { notThen } from '@weiwang/domain/areas/problems'
import { addDays, daysBetween } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { SOURCE_FOUND_WRONG } from '@weiwang/domain/feeds/found'
import { METRIC_IDS } from '@weiwang/domain/stats/api'
import type {
  AskDispositions,
  AskFigures,
  AskSources,
  Dispositions,
  Figure,
  FigureRow,
  Figures,
  MetricId,
  Sources,
} from '@weiwang/domain/stats/api'
import { fold, shiftsOf } from '@weiwang/domain/stats/fold'
import type { Shift } from '@weiwang/domain/stats/fold'
import { doorOf, metricOf } from '@weiwang/domain/stats/metrics'
import { suppressOne } from '@weiwang/domain/core/small'
import { suppress } from '@weiwang/domain/stats/suppress'
import { DISPOSITIONS, findDisposition, HERE_CODES, SOURCE_WRONG_CODES } from '@weiwang/domain/tasks/disposition'
import type { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { movedAround, organisedOn } from '../areas/fold.ts'
import { areaNames as namesAsOf, findArea, standsOn } from '../areas/store.ts'
import { may } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { sumCounts, sumCountsAt, sumCountsBelow } from '../core/counters.ts'
import { openObjectionFigures } from '../healthcode/objection-store.ts'
import { openDisputeFigures } from '../incidents/store.ts'
import { openServiceFigures } from '../observation/service-store-lists.ts'
import { momentOf } from '../observation/queries.ts'
import { callFigures } from '../observation/readings-store-lists.ts'
import { nowFigures } from '../observation/store-lists.ts'
import { areasOf, permitRead, placeOf, spanOf } from '../tasks/queries.ts'
import { openFigures, reviewFigures } from '../tasks/store-lists.ts'
import type { Counted, OpenFigure } from '../tasks/store-lists.ts'
import { forceFigures } from '../teams/force-store.ts'
import { teamFigures } from '../teams/store-lists.ts'
import { watchFigures } from '../teams/store-watch.ts'
import { childrenOf, feedNames, sourceCounts } from './store.ts'

/** Figures of an area and the level below, each with the list that has the same total (STAT-2, STAT-3). */
type Values = Record<MetricId, number>

function zeros(): Values {
  return {
    visits: 0,
    persons: 0,
    listed: 0,
    answered: 0,
    found: 0,
    open: 0,
    open_red: 0,
    open_yellow: 0,
    open_blue: 0,
    accepted: 0,
    overdue: 0,
    unaccepted: 0,
    unresolved: 0,
    waiting: 0,
    review: 0,
    escalated: 0,
    transferred_in: 0,
    transferred_out: 0,
    withdrawn: 0,
    expired: 0,
    obs_observed: 0,
    obs_opened: 0,
    obs_release_due: 0,
    obs_lapsed: 0,
    obs_released: 0,
    obs_transferred_out: 0,
    obs_transferred_in: 0,
    readings_due: 0,
    readings_on_time: 0,
    readings_late: 0,
    readings_missed: 0,
    calls_open: 0,
    services_asked: 0,
    services_done: 0,
    services_open: 0,
    services_late: 0,
    disputes_opened: 0,
    disputes_closed: 0,
    disputes_open: 0,
    objections_open: 0,
    objections_late: 0,
    forces_people: 0,
    forces_volunteers: 0,
    forces_attached: 0,
    forces_gaps: 0,
    turns_worked: 0,
    gate_passages: 0,
    gate_referrals: 0,
    teams: 0,
    teams_short: 0,
    watches: 0,
    watches_unled: 0,
    watch_calls: 0,
  }
}

/** Counters by kind whose kinds are one figure. */
const BY_KIND: Readonly<Record<string, MetricId>> = {
  svc_asked: 'services_asked',
  svc_done: 'services_done',
  dispute_opened: 'disputes_opened',
  dispute_closed: 'disputes_closed',
  turn_worked: 'turns_worked',
  gate_passages: 'gate_passages',
  gate_referred: 'gate_referrals',
  obs_transferred_out: 'obs_transferred_out',
  obs_transferred_in: 'obs_transferred_in',
}

/** READ-16: on time, late and missed together are what was due. */
function addReading(values: Values, state: string, n: number): void {
  values.readings_due += n
  if (state === 'on_time') values.readings_on_time += n
  else if (state === 'late') values.readings_late += n
  else values.readings_missed += n
}

/** One counter into the figures of an area of a level: transfers count where they cross that level (STAT-7). */
function addFlow(values: Values, metric: string, n: number, level: number): void {
  const [head = '', tail = ''] = metric.split(/[:@]/)
  if (head === 'visits' || head === 'persons' || head === 'withdrawn' || head === 'expired') values[head] += n
  else if (head === 'obs_opened' || head === 'obs_released') values[head] += n
  else if (head === 'listed') values.listed += n
  else if (head === 'answered') {
    values.answered += n
    if (HERE_CODES.includes(tail)) values.found += n
  } else if (head === 'in' && Number(tail) < level) values.transferred_in += n
  else if (head === 'out' && Number(tail) < level) values.transferred_out += n
  if (head === 'reading') addReading(values, tail, n)
  const kind = BY_KIND[head]
  if (kind !== undefined) values[kind] += n
}

const GRID = 15

type Groups = { of: (code: string) => Values; all: Map<string, Values> }

function groups(): Groups {
  const all = new Map<string, Values>()
  return {
    all,
    of: (code) => {
      const known = all.get(code) ?? zeros()
      all.set(code, known)
      return known
    },
  }
}

/** The area asked for, and how what lies in it is divided. */
type Frame = { area: AreaCode; digits: number; shifts: readonly Shift[] }
type Table = { total: Values; below: Groups }

/** A transfer crosses the border of its row; what lies at the area itself crosses where its parent does (STAT-7). */
function levelOfRow(frame: Frame, row: AreaCode): number {
  return levelOf(frame.area) + (row === frame.area ? 0 : 1)
}

async function flows(ctx: Ctx, frame: Frame, span: { from: string; to: string }): Promise<Table> {
  const { area, digits, shifts } = frame
  const total = zeros()
  const below = groups()
  const rowFor = (code: string) => (code.length === digits ? code : area)
  for (const { code, metric, n } of await sumCountsBelow(ctx.db, area, digits, span)) {
    addFlow(total, metric, n, levelOf(area))
    addFlow(below.of(code), metric, n, levelOfRow(frame, rowFor(code)))
  }
  const codes = shifts.map((shift) => shift.code)
  fold(shifts, await sumCountsAt(ctx.db, codes, span), (row, { metric, n }, times) =>
    row === null
      ? addFlow(total, metric, times * n, levelOf(area))
      : addFlow(below.of(row), metric, times * n, levelOfRow(frame, row)),
  )
  return { total, below }
}

function addOpen(values: Values, row: OpenFigure, times: number): void {
  values.open += times * row.open
  values.accepted += times * row.accepted
  values.overdue += times * row.overdue
  values.unaccepted += times * row.unaccepted
  values.unresolved += times * row.unresolved
  values.waiting += times * row.waiting
  values.escalated += times * row.escalated
  if (row.grade === 'red') values.open_red += times * row.open
  else if (row.grade === 'yellow') values.open_yellow += times * row.open
  else values.open_blue += times * row.open
}

type RoomFigure = { code: string; id: MetricId; n: number }

/** Figures of now of the rooms that count their own, by the first `digits` of the area. */
async function roomFigures(ctx: Ctx, at: Counted, digits: number): Promise<RoomFigure[]> {
  const services = await openServiceFigures(ctx.db, at, digits, ctx.now)
  const disputes = await openDisputeFigures(ctx.db, at, digits)
  const objections = await openObjectionFigures(ctx.db, at, digits, ctx.now)
  const calls = await callFigures(ctx.db, at, digits)
  const forces = await forceFigures(ctx.db, at, digits, ctx.today)
  const observed = await nowFigures(ctx.db, at, digits, momentOf(ctx))
  const teams = await teamFigures(ctx.db, at, digits, ctx.today)
  const watches = await watchFigures(ctx.db, at, digits)
  return [
    ...observed.flatMap(({ code, ...row }): RoomFigure[] => [
      { code, id: 'obs_observed', n: row.observed },
      { code, id: 'obs_release_due', n: row.release_due },
      { code, id: 'obs_lapsed', n: row.lapsed },
    ]),
    ...services.flatMap(({ code, open, late }): RoomFigure[] => [
      { code, id: 'services_open', n: open },
      { code, id: 'services_late', n: late },
    ]),
    ...disputes.map(({ code, open }): RoomFigure => ({ code, id: 'disputes_open', n: open })),
    ...objections.flatMap(({ code, open, late }): RoomFigure[] => [
      { code, id: 'objections_open', n: open },
      { code, id: 'objections_late', n: late },
    ]),
    ...forces.flatMap(({ code, confirmed, volunteers, attached, gaps }): RoomFigure[] => [
      { code, id: 'forces_people', n: confirmed },
      { code, id: 'forces_volunteers', n: volunteers },
      { code, id: 'forces_attached', n: attached },
      { code, id: 'forces_gaps', n: gaps },
    ]),
    ...calls.map(({ code, n }): RoomFigure => ({ code, id: 'calls_open', n })),
    ...teams.flatMap(({ code, teams: n, short }): RoomFigure[] => [
      { code, id: 'teams', n },
      { code, id: 'teams_short', n: short },
    ]),
    ...watches.flatMap(({ code, watches: n, no_leader, calls: open }): RoomFigure[] => [
      { code, id: 'watches', n },
      { code, id: 'watches_unled', n: no_leader },
      { code, id: 'watch_calls', n: open },
    ]),
  ]
}

async function gather(ctx: Ctx, frame: Frame, span: { from: string; to: string }): Promise<Table> {
  const { area, digits, shifts } = frame
  const table = await flows(ctx, frame, span)
  const { total, below } = table
  for (const row of await openFigures(ctx.db, { area }, digits, ctx.now))
    for (const values of [total, below.of(row.code)]) addOpen(values, row, 1)
  for (const { code, n } of await reviewFigures(ctx.db, { area }, digits))
    for (const values of [total, below.of(code)]) values.review += n
  for (const row of await roomFigures(ctx, { area }, digits))
    for (const values of [total, below.of(row.code)]) values[row.id] += row.n
  if (shifts.length === 0) return table
  const at = { codes: shifts.map((shift) => shift.code) }
  const of = (row: AreaCode | null) => (row === null ? total : below.of(row))
  fold(shifts, await openFigures(ctx.db, at, GRID, ctx.now), (row, count, times) => addOpen(of(row), count, times))
  fold(shifts, await reviewFigures(ctx.db, at, GRID), (row, { n }, times) => {
    of(row).review += times * n
  })
  fold(shifts, await roomFigures(ctx, at, GRID), (row, { id, n }, times) => {
    of(row)[id] += times * n
  })
  return table
}

function present(
  values: Values,
  before: Values | null,
  at: { area: AreaCode; from: string; to: string; own: boolean; organised: Organised | undefined },
): Figure[] {
  return METRIC_IDS.map((id) => ({
    id,
    n: values[id],
    before: before !== null && metricOf(id).kind === 'flow' ? before[id] : null,
    door: doorOf(id, at),
  }))
}

/** The same number of days just before: yesterday beside today. */
function spanBefore(span: { from: string; to: string }): { from: string; to: string } {
  const days = daysBetween(span.from, span.to) + 1
  return { from: addDays(span.from, -days), to: addDays(span.to, -days) }
}

export async function readFigures(ctx: Ctx, args: AskFigures): Promise<Figures> {
  const figures = await allFigures(ctx, args)
  return isOutside(ctx) ? withoutSmall(figures) : withoutClosed(ctx, figures)
}

const isEmpty = (values: Values): boolean => METRIC_IDS.every((id) => values[id] === 0)
/** Ended areas named in a row; the rest is in the figures and not in the words. */
const HELD = 20

/** AREA-10: an area that was none on the day has no figures of it. @throws notThen */
async function checkThen(ctx: Ctx, area: AreaCode, day: Day): Promise<void> {
  if (await findArea(ctx.db, area, day)) return
  const names = await namesAsOf(ctx.db, [area], day)
  throw notThen({ day, name: names.get(area) ?? area })
}

/** Every figure with its true number: for who may see them, and for exports, which hide on their own. */
export async function allFigures(ctx: Ctx, args: AskFigures): Promise<Figures> {
  const areas = areasOf(ctx, args.area ?? firstOf(ctx))
  permitRead(ctx, 'read', 'stats', areas)
  const [area] = areas
  // Counters stand at grids: a unit has no figures of its own, and a grid none below.
  if (area === undefined || area.length > GRID) throw notFound({ thing: 'area' })
  const span = spanOf(ctx, args)
  const digits = childLength(area)
  const organised = args.organised ?? 'then'
  const day = organisedOn(organised, ctx.today)
  if (organised !== 'now' && day !== null) await checkThen(ctx, area, day)
  const { moved, elsewhere } = day === null ? { moved: [], elsewhere: [] } : await movedAround(ctx, area, digits, day)
  const frame: Frame = { area, digits, shifts: shiftsOf(area, digits, moved) }
  const { total, below } = await gather(ctx, frame, span)
  const { total: before, below: beforeBelow } = await flows(ctx, frame, spanBefore(span))
  const names = new Map((await childrenOf(ctx.db, area, day ?? ctx.today)).map((child) => [child.code, child.name]))
  const counted = [...below.all, ...beforeBelow.all].flatMap(([code, values]) =>
    day === null || !isEmpty(values) ? [code] : [],
  )
  const codes = [...new Set([...names.keys(), ...counted])].filter((code) => code !== area).toSorted()
  // "As organised then": what was counted under a code stays there and opens its list; the row says where it stands now.
  const ended = codes.filter((code) => !names.has(code))
  const lastNames = await namesAsOf(ctx.db, [...ended, ...frame.shifts.map((shift) => shift.code)], day ?? ctx.today)
  const stands = await standsOn(ctx.db, ended, day ?? ctx.today)
  const standNames = await areaNames(ctx.db, [...stands.values(), area])
  const where = (code: AreaCode) => {
    const at = names.has(code) ? null : (stands.get(code) ?? area)
    return { standsAt: at, standsAtName: at === null ? null : (standNames.get(at) ?? at) }
  }
  const held = (code: AreaCode) =>
    frame.shifts
      .filter((shift) => shift.to === code)
      .slice(0, HELD)
      .map((shift) => ({ code: shift.code, name: lastNames.get(shift.code) ?? shift.code }))
  const view = (code: AreaCode, own: boolean) => (isFolded(foldOf(code, own, moved)) ? organised : undefined)
  const rows: FigureRow[] = codes.map((code) => ({
    area: code,
    name: names.get(code) ?? lastNames.get(code) ?? code,
    own: false,
    ...where(code),
    holds: held(code),
    figures: present(below.of(code), beforeBelow.of(code), {
      area: code,
      ...span,
      own: false,
      organised: view(code, false),
    }),
  }))
  if (below.all.has(area) || beforeBelow.all.has(area)) {
    rows.push({
      area,
      name: '',
      own: true,
      standsAt: null,
      standsAtName: null,
      holds: held(area),
      figures: present(below.of(area), beforeBelow.of(area), { area, ...span, own: true, organised: view(area, true) }),
    })
  }
  const path = pathOf(area).filter((code) => ctx.scope.some((one) => code.startsWith(one)))
  const called = await namesAsOf(ctx.db, path, day ?? ctx.today)
  return {
    area,
    name: called.get(area) ?? area,
    path: path.map((code) => ({ code, name: called.get(code) ?? code })),
    ...span,
    asOf: ctx.now.toISOString(),
    organised,
    elsewhere: elsewhere.length,
    figures: present(total, before, { area, ...span, own: false, organised: view(area, false) }),
    children: area.length === GRID ? [] : sorted(rows, args.sort),
  }
}

/** STAT-6: an analyst works with the numbers and not with the people: small cells are for those who do. */
function isOutside(ctx: Ctx): boolean {
  return ctx.actor.kind === 'account' && ctx.actor.roles.every((role) => role === 'analyst')
}

const column = (id: MetricId): number => METRIC_IDS.indexOf(id)
const SUMS = [{ total: column('open'), parts: [column('open_red'), column('open_yellow'), column('open_blue')] }]

/** The table of figures with small cells hidden, and those that would give them away; null is hidden. Totals come last. */
export function hiddenCells(figures: Figures, of: (figure: Figure) => number | null): (number | null)[][] {
  const numbers = (row: readonly Figure[]) => row.map((figure) => of(figure) ?? 0)
  const { rows, totals } = suppress(
    figures.children.map((row) => numbers(row.figures)),
    numbers(figures.figures),
    SUMS,
  )
  return [...rows, totals]
}

/** Lists that not every reader of figures may open, by the beginning of their address. */
const GUARDED = [
  { path: '/api/passages', kind: 'passage' },
  { path: '/api/gates/', kind: 'gate' },
  { path: '/api/objections', kind: 'objection' },
  { path: '/api/forces/', kind: 'force' },
  { path: '/api/teams', kind: 'team' },
  { path: '/api/watches', kind: 'watch' },
] as const

/** STAT-2: a figure whose list the reader may not open is no door, and is left out. */
function withoutClosed(ctx: Ctx, figures: Figures): Figures {
  const closed = GUARDED.filter(({ kind }) => !may(ctx, 'read', { kind, area: figures.area }))
  if (closed.length === 0) return figures
  const keep = (row: readonly Figure[]): Figure[] =>
    row.filter(({ door }) => !closed.some(({ path }) => door.path.startsWith(path)))
  return {
    ...figures,
    figures: keep(figures.figures),
    children: figures.children.map((row) => ({ ...row, figures: keep(row.figures) })),
  }
}

/** Figures that may not be shown are left out; a hidden earlier figure is null. */
function withoutSmall(figures: Figures): Figures {
  const now = hiddenCells(figures, (figure) => figure.n)
  const before = hiddenCells(figures, (figure) => figure.before)
  const keep = (row: readonly Figure[], line: number): Figure[] =>
    row.flatMap((figure, i) => {
      const n = now[line]?.[i] ?? null
      const earlier = figure.before === null ? null : (before[line]?.[i] ?? null)
      return n === null ? [] : [{ ...figure, n, before: earlier }]
    })
  return {
    ...figures,
    figures: keep(figures.figures, figures.children.length),
    children: figures.children.map((row, line) => ({ ...row, figures: keep(row.figures, line) })),
  }
}

/** The area of a reader who names none: his own; of several duties the first by code, the others are asked for by name. */
function firstOf(ctx: Ctx): AreaCode | undefined {
  const [first] = ctx.scope.toSorted()
  return first === '' ? ctx.root : first
}

function sorted(rows: FigureRow[], by: MetricId | undefined): FigureRow[] {
  if (by === undefined) return rows
  const n = (row: FigureRow) => row.figures.find((figure) => figure.id === by)?.n ?? 0
  return rows.toSorted((a, b) => n(b) - n(a) || (a.area < b.area ? -1 : 1))
}

export async function readDispositions(
  ctx: Ctx,
  args: z.output<typeof AskDispositions>,
): Promise<z.infer<typeof Dispositions>> {
  const place = await placeOf(ctx, args)
  permitRead(ctx, 'read', 'stats', place.areas)
  const span = spanOf(ctx, args)
  const sums = await sumCounts(ctx.db, place, span)
  const counts = new Map(
    [...sums].flatMap(([metric, n]) =>
      metric.startsWith('answered:') && n !== 0 ? [[metric.slice(9), n] as const] : [],
    ),
  )
  const codes = [...new Set([...DISPOSITIONS.map((d): string => d.code), ...counts.keys()])]
  const items = codes.map((code) => ({
    code,
    say: findDisposition(code)?.say ?? { zh: code, en: code },
    n: counts.get(code) ?? 0,
    door: {
      path: '/api/tasks',
      query: {
        list: 'answered',
        disposition: code,
        ...(args.area === undefined ? {} : { area: args.area }),
        ...span,
        ...(isFolded({ plus: place.plus ?? [], minus: place.minus ?? [] }) && args.organised !== undefined
          ? { organised: args.organised }
          : {}),
      },
    },
  }))
  const total = items.reduce((sum, item) => sum + item.n, 0)
  if (!isOutside(ctx)) return { items, total }
  const hidden = suppress(
    items.map((item) => [item.n]),
    [total],
  )
  return { items: items.filter((_item, i) => hidden.rows[i]?.[0] !== null), total: hidden.totals[0] ?? 0 }
}

const isWrong = (code: string): boolean => SOURCE_WRONG_CODES.includes(code) || code === SOURCE_FOUND_WRONG

/** STAT-8: the precision of each source from its own answers; below five nothing is said (STAT-6). */
export async function readSources(ctx: Ctx, args: z.output<typeof AskSources>): Promise<z.infer<typeof Sources>> {
  const areas = areasOf(ctx, args.area).map((area) => cutTo(area, 3))
  permitRead(ctx, 'read', 'stats', areas)
  const rows = await sourceCounts(ctx.db, areas, args.source, spanOf(ctx, args))
  const names = await feedNames(ctx.db, [...new Set(rows.map((row) => row.source))])
  const ids = [...new Set(rows.map((row) => row.source))]
  return {
    items: ids.map((source) => {
      const mine = rows.filter((row) => row.source === source)
      const tally = (list: typeof mine) => ({
        answered: list.reduce((sum, row) => sum + row.n, 0),
        wrong: list.reduce((sum, row) => (isWrong(row.disposition) ? sum + row.n : sum), 0),
      })
      const all = tally(mine)
      const days = [...new Set(mine.map((row) => row.day))]
      return {
        source,
        name: names.get(source) ?? null,
        answered: suppressOne(all.answered),
        wrong: suppressOne(all.wrong),
        precision: all.answered < 5 ? null : Math.round(1000 * (1 - all.wrong / all.answered)),
        byDay: days.map((day) => {
          const one = tally(mine.filter((row) => row.day === day))
          return { day, answered: suppressOne(one.answered), wrong: suppressOne(one.wrong) }
        }),
      }
    }),
  }
}

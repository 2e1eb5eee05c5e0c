import { notFound } from '@weiwang/domain/core/problems'
import { Closing, DISPUTE_KINDS, DisputeKind, DisputeStateName } from '@weiwang/domain/incidents/api'
import type {
  AskDisputeKinds,
  DisputeDetail,
  DisputeRow as DisputeWire,
  ListDisputes,
  ListMyDisputes,
} from '@weiwang/domain/incidents/api'
import { isDesk, maySee } from '@weiwang/domain/incidents/confidential'
import { availableMediation } from '@weiwang/domain/incidents/decide'
import { KIND_SAY } from '@weiwang/domain/incidents/words'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { sumCounts } from '../core/counters.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areasOf, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames, lineOf } from '../access/names.ts'
import { doorsOf } from '../tasks/store.ts'
import { mediating, seen } from './actions.ts'
import { aroundGrid } from './around.ts'
import { deskAbove } from './opening.ts'
import {
  colleaguesOf,
  disputeHistory,
  disputesByKind,
  findDispute,
  listDisputes,
  listMyDisputes,
  namedFor,
} from './store.ts'
import type { DisputeRow } from './store.ts'

/** MED-3 in one place: what a row says to this reader. */
async function present(ctx: Ctx, rows: readonly DisputeRow[]): Promise<DisputeWire[]> {
  const named = await namedFor(
    ctx.db,
    ctx.actor.id,
    rows.map((row) => row.id),
  )
  const open = (row: DisputeRow) =>
    maySee(ctx.actor, { desks: row.desks, mediator: row.mediator, access: named.has(row.id) ? [ctx.actor.id] : [] })
  const shown = rows.filter(open)
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    shown.map((row) => row.mediator),
  )
  const doors = await doorsOf(
    ctx.db,
    shown.map((row) => ({ county: row.county, id: row.household_id })),
  )
  return rows.map((row) => {
    const mine = open(row)
    // A unit or a building would say nearly which door it is: a stub stands at its grid.
    const area = mine ? row.area : row.area.slice(0, 15)
    return {
      id: row.id,
      hidden: !mine,
      area,
      areaName: names.get(area) ?? area,
      kind: DisputeKind.catch('other').parse(row.kind),
      state: DisputeStateName.parse(row.state),
      openedDay: row.opened_day,
      closedDay: row.closed_day,
      followUp: mine ? row.follow_up : null,
      late: row.closed_at === null && row.due_by < ctx.now,
      mediator: mine && row.mediator !== null ? { id: row.mediator, name: people.get(row.mediator) ?? '' } : null,
      door: mine && row.household_id !== null ? (doors.get(row.household_id) ?? null) : null,
      parties: mine ? row.parties : null,
      sessions: mine ? row.sessions : null,
      version: row.version,
    }
  })
}

export function permitMediation(ctx: Ctx, areas: readonly string[]): void {
  for (const area of areas) permit(ctx, 'read', { kind: 'mediation', area })
}

export async function readDisputes(ctx: Ctx, args: ListDisputes) {
  const place = await placeOf(ctx, args)
  permitMediation(ctx, place.areas)
  const { list, kind, limit, cursor } = args
  const filter = { ...place, ...spanOf(ctx, args), list, kind, now: ctx.now, today: ctx.today }
  const page = await listDisputes(ctx.db, filter, { limit, cursor })
  return { items: await present(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

export async function readMyDisputes(ctx: Ctx, args: ListMyDisputes) {
  const page = await listMyDisputes(ctx.db, ctx.actor.id, args.state === 'closed', args)
  return { items: await present(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

function accountsIn(body: Record<string, unknown>): string[] {
  return [body['mediator'], body['account']].flatMap((one) =>
    typeof one === 'string' && z.uuid().safeParse(one).success ? [one] : [],
  )
}

export async function readOneDispute(ctx: Ctx, id: string): Promise<DisputeDetail> {
  const loaded = await seen(ctx, await findDispute(ctx.db, id))
  const { row, state } = loaded
  const [card] = await present(ctx, [row])
  if (!card) throw notFound({ thing: 'dispute' })
  const lines = (await disputeHistory(ctx.db, row.county, row.id)).map((line) => ({
    ...line,
    body: z.record(z.string(), z.unknown()).catch({}).parse(line.body),
  }))
  const people = await accountNames(ctx.db, [
    ...lines.flatMap((line) => [line.by, ...accountsIn(line.body)]),
    ...state.access,
    row.recorded_by,
  ])
  const desk = state.desks.at(-1) ?? state.area
  const deskNames = await areaNames(ctx.db, [desk])
  const above = await deskAbove(ctx, desk)
  const when = { now: ctx.now, zone: ctx.zone }
  return {
    ...card,
    householdId: row.household_id,
    desk: { code: desk, name: deskNames.get(desk) ?? desk },
    closing: Closing.nullable().catch(null).parse(state.closing),
    hasWords: row.words_sealed !== null || row.parties_sealed !== null,
    recordedBy: row.recorded_by === null ? null : { id: row.recorded_by, name: people.get(row.recorded_by) ?? '' },
    visitId: row.visit_id,
    access: state.access.map((one) => ({ id: one, name: people.get(one) ?? '' })),
    history: lines.map((line) => ({ ...lineOf(line, people), body: line.body })),
    people: Object.fromEntries(people),
    steps: availableMediation(state, mediating(ctx, loaded), above, when).map(({ step, problem }) => ({
      step,
      ok: problem === null,
      why: problem?.body.message ?? null,
      rule: problem?.body.rule ?? null,
    })),
  }
}

/** For the mediator and the desk, who alone give access. */
export async function readColleagues(ctx: Ctx, id: string) {
  const loaded = await seen(ctx, await findDispute(ctx.db, id))
  const { state } = loaded
  if (state.mediator !== ctx.actor.id && !isDesk(ctx.actor, state)) throw notFound({ thing: 'dispute' })
  const known = await colleaguesOf(ctx.db, aroundGrid(state.area), ctx.today)
  return { items: known.filter((one) => one.id !== state.mediator && !state.access.includes(one.id)) }
}

/** Counts by kind are for everybody who may read the area: how many, never whose. */
export async function readDisputeKinds(ctx: Ctx, args: AskDisputeKinds) {
  const areas = areasOf(ctx, args.area)
  permitMediation(ctx, areas)
  const sums = await sumCounts(ctx.db, { areas }, spanOf(ctx, args))
  const now = new Map((await disputesByKind(ctx.db, areas, ctx.now)).map((row) => [row.kind, row]))
  return {
    asOf: ctx.now.toISOString(),
    items: DISPUTE_KINDS.map((kind) => ({
      kind,
      say: KIND_SAY[kind],
      opened: sums.get(`dispute_opened:${kind}`) ?? 0,
      closed: sums.get(`dispute_closed:${kind}`) ?? 0,
      open: now.get(kind)?.open ?? 0,
      late: now.get(kind)?.late ?? 0,
    })),
  }
}
